import { decodeHttpHead } from "./cold/decode/http.ts";
import { httpRequestBody, httpResponseBody } from "./cold/decode/http-framing.ts";
import { findHttpHeader } from "./cold/decode/http-fields.ts";
import { scanHead, HttpHead } from "../src/service/http-head.ts";
const POLL =
  "GET /machine/?comp=goalstate HTTP/1.1\r\nHost: 168.63.129.16\r\nx-ms-agent-name: WALinuxAgent\r\n" +
  "x-ms-version: 2012-11-30\r\nUser-Agent: WALinuxAgent/2.9.1\r\nConnection: close\r\n\r\n";
const RESP = "HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nServer: Microsoft-IIS/10.0\r\nContent-Length: 2000\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nConnection: close\r\n\r\n";
const b1 = new DataView(new TextEncoder().encode(POLL).buffer), b2 = new DataView(new TextEncoder().encode(RESP).buffer);
const h = new HttpHead();
for (let r=0;r<4;r++){
 let t=performance.now(); let s=0;
 for(let i=0;i<500000;i++){ const a=decodeHttpHead(b1,0,b1.byteLength); s+=httpRequestBody(b1,a).wireBytes+findHttpHeader(b1,a,"host",0)+findHttpHeader(b1,a,"user-agent",0)+findHttpHeader(b1,a,"x-ms-agent-name",0)+findHttpHeader(b1,a,"x-ms-guest-agent-name",0); const c=decodeHttpHead(b2,0,b2.byteLength); s+=httpResponseBody(b2,c,"other").wireBytes;}
 let d=performance.now()-t; console.log("cold", d/500000*1000, "us per exchange", s);
 t=performance.now(); s=0;
 for(let i=0;i<500000;i++){ s+=scanHead(b1,0,b1.byteLength,h)+scanHead(b2,0,b2.byteLength,h);}
 d=performance.now()-t; console.log("mine", d/500000*1000, "us per exchange", s);
}
