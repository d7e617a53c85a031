/** What DHCP options mean, RFC 2132 unless a row says otherwise. A value that does not fit its option's form is null; the option has its bytes. */
import { ipv4Text, macAt, macText } from "../bytes/address.ts";
import { hexText, safeText } from "../bytes/text.ts";
import { type DhcpMessage, type DhcpOption, findDhcpOption } from "./dhcp.ts";
import { nameEnd, nameText } from "./dns-name.ts";

/** A classless static route. Addresses are unsigned 32-bit numbers; router 0 means that the destination is on the link. */
export interface DhcpRoute {
  destination: number;
  prefixLength: number;
  router: number;
}

/** An option inside another one. */
interface DhcpSuboption {
  code: number;
  data: Uint8Array<ArrayBuffer>;
}

/** An option's value. Addresses are unsigned 32-bit numbers. */
export type DhcpValue =
  | { kind: "address"; address: number }
  | { kind: "addresses"; addresses: number[] }
  | { kind: "seconds"; seconds: number }
  | { kind: "number"; number: number }
  | { kind: "text"; text: string }
  | { kind: "texts"; texts: string[] }
  | { kind: "codes"; codes: number[] }
  | { kind: "routes"; routes: DhcpRoute[] }
  | { kind: "names"; names: string[] }
  | { kind: "full-name"; flags: number; name: string }
  | { kind: "identifier"; hardwareType: number; text: string }
  | { kind: "suboptions"; suboptions: DhcpSuboption[] };

type Reader = (view: DataView) => DhcpValue | null;

const OPTIONS: ReadonlyMap<number, readonly [name: string, read: Reader]> = new Map([
  [1, ["subnet-mask", readAddress]],
  [3, ["routers", readAddresses]],
  [6, ["domain-name-servers", readAddresses]],
  [12, ["host-name", readText]],
  [15, ["domain-name", readText]],
  [26, ["interface-mtu", readNumber16]],
  [28, ["broadcast-address", readAddress]],
  [42, ["ntp-servers", readAddresses]],
  [50, ["requested-address", readAddress]],
  [51, ["lease-time", readSeconds]],
  [52, ["option-overload", readNumber8]],
  [53, ["message-type", readNumber8]],
  [54, ["server-identifier", readAddress]],
  [55, ["parameter-request-list", readCodes]],
  [56, ["message", readText]],
  [57, ["maximum-message-size", readNumber16]],
  [58, ["renewal-time", readSeconds]],
  [59, ["rebinding-time", readSeconds]],
  [60, ["vendor-class-identifier", readText]],
  [61, ["client-identifier", readIdentifier]],
  [77, ["user-class", readUserClasses]],
  [81, ["client-fqdn", readFullName]],
  [82, ["relay-agent-information", readSuboptions]],
  [119, ["domain-search", readNames]],
  [121, ["classless-static-routes", readRoutes]],
  [245, ["platform-address", readAddress]],
  [249, ["microsoft-classless-static-routes", readRoutes]],
]);

/** The option's name, "option-224" when it has none here. */
export function dhcpOptionName(code: number): string {
  if (code === 43) return "vendor-specific-information";
  return OPTIONS.get(code)?.[0] ?? `option-${code}`;
}

/** The option's value; null when its form is not known here, or its bytes do not fit it. */
export function dhcpValue(option: DhcpOption): DhcpValue | null {
  return OPTIONS.get(option.code)?.[1](viewOf(option.data)) ?? null;
}

/** The single address of option 1, 28, 50, 54 or 245; null unless the option is exactly four bytes. */
export function dhcpAddress(message: DhcpMessage, code: number): number | null {
  const value = optionValue(message, code);
  return value?.kind === "address" ? value.address : null;
}

/** The addresses of option 3, 6 or 42; empty without the option, or when its bytes are no addresses. */
export function dhcpAddresses(message: DhcpMessage, code: number): number[] {
  const value = optionValue(message, code);
  return value?.kind === "addresses" ? value.addresses : [];
}

/** The seconds of option 51, 58 or 59 (4294967295: for ever); null without them. */
export function dhcpSeconds(message: DhcpMessage, code: number): number | null {
  const value = optionValue(message, code);
  return value?.kind === "seconds" ? value.seconds : null;
}

/** The safe text of option 12, 15, 56 or 60; null without it. */
export function dhcpText(message: DhcpMessage, code: number): string | null {
  const value = optionValue(message, code);
  return value?.kind === "text" ? value.text : null;
}

/** The routes of option 121 (RFC 3442) and, behind them, 249 (the same form under Microsoft's code). */
export function dhcpRoutes(message: DhcpMessage): DhcpRoute[] {
  return [121, 249].flatMap((code) => {
    const value = optionValue(message, code);
    return value?.kind === "routes" ? value.routes : [];
  });
}

/** An option's value on one line; hexadecimal digits when it has no known form. */
export function dhcpOptionText(option: DhcpOption): string {
  const value = dhcpValue(option);
  switch (value?.kind) {
    case undefined:
      return hexText(viewOf(option.data), 0, option.data.length);
    case "address":
      return ipv4Text(value.address);
    case "addresses":
      return value.addresses.map(ipv4Text).join(", ");
    case "seconds":
      return String(value.seconds);
    case "number":
      return String(value.number);
    case "text":
      return value.text;
    case "texts":
      return value.texts.join(", ");
    case "codes":
      return value.codes.join(", ");
    case "routes":
      return value.routes.map(routeText).join(", ");
    case "names":
      return value.names.join(", ");
    case "full-name":
      return value.name;
    case "identifier":
      return value.text;
    case "suboptions":
      return value.suboptions.map(({ code, data }) => `${code}:${hexText(viewOf(data), 0, data.length)}`).join(", ");
    default:
      return value satisfies never;
  }
}

function routeText({ destination, prefixLength, router }: DhcpRoute): string {
  return `${ipv4Text(destination)}/${prefixLength} via ${ipv4Text(router)}`;
}

function optionValue(message: DhcpMessage, code: number): DhcpValue | null {
  const option = findDhcpOption(message, code);
  return option && dhcpValue(option);
}

function viewOf(data: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(data.buffer, data.byteOffset, data.byteLength);
}

function readAddress(view: DataView): DhcpValue | null {
  return view.byteLength === 4 ? { kind: "address", address: view.getUint32(0) } : null;
}

function readAddresses(view: DataView): DhcpValue | null {
  if (view.byteLength === 0 || view.byteLength % 4 !== 0) return null;
  const addresses: number[] = [];
  for (let at = 0; at < view.byteLength; at += 4) addresses.push(view.getUint32(at));
  return { kind: "addresses", addresses };
}

function readSeconds(view: DataView): DhcpValue | null {
  return view.byteLength === 4 ? { kind: "seconds", seconds: view.getUint32(0) } : null;
}

function readNumber8(view: DataView): DhcpValue | null {
  return view.byteLength === 1 ? { kind: "number", number: view.getUint8(0) } : null;
}

function readNumber16(view: DataView): DhcpValue | null {
  return view.byteLength === 2 ? { kind: "number", number: view.getUint16(0) } : null;
}

/** RFC 2132 section 2: no zero byte at the end, but receivers take one. */
function readText(view: DataView): DhcpValue | null {
  let end = view.byteLength;
  while (end > 0 && view.getUint8(end - 1) === 0) end--;
  return end === 0 ? null : { kind: "text", text: safeText(view, 0, end) };
}

function readCodes(view: DataView): DhcpValue | null {
  return { kind: "codes", codes: Array.from({ length: view.byteLength }, (_, at) => view.getUint8(at)) };
}

/** Section 9.14: a hardware type and address, or type 0 and anything. */
function readIdentifier(view: DataView): DhcpValue | null {
  if (view.byteLength < 2) return null;
  const hardwareType = view.getUint8(0);
  const isMac = hardwareType === 1 && view.byteLength === 7;
  return {
    kind: "identifier",
    hardwareType,
    text: isMac ? macText(macAt(view, 1)) : hexText(view, 1, view.byteLength),
  };
}

/** RFC 3004 section 4: each class with a length byte. Windows sends one class without it. */
function readUserClasses(view: DataView): DhcpValue | null {
  const texts: string[] = [];
  let at = 0;
  while (at < view.byteLength) {
    const classEnd = at + 1 + view.getUint8(at);
    if (classEnd === at + 1 || classEnd > view.byteLength) return readText(view);
    texts.push(safeText(view, at + 1, classEnd));
    at = classEnd;
  }
  return texts.length > 0 ? { kind: "texts", texts } : null;
}

/** RFC 4702 section 2: flags, two result codes, and a name: labels with the E flag, text without. A name may be without its root. */
function readFullName(view: DataView): DhcpValue | null {
  if (view.byteLength < 3) return null;
  const flags = view.getUint8(0);
  if ((flags & 4) === 0) return { kind: "full-name", flags, name: safeText(view, 3, view.byteLength) };
  const labels = new Uint8Array(view.byteLength - 3 + 1);
  labels.set(new Uint8Array(view.buffer, view.byteOffset + 3, view.byteLength - 3));
  const name = nameText(viewOf(labels), 0, labels.length, 0, 0);
  return name === null ? null : { kind: "full-name", flags, name };
}

/** RFC 3046 section 2.0. */
function readSuboptions(view: DataView): DhcpValue | null {
  const suboptions: DhcpSuboption[] = [];
  let at = 0;
  while (at + 2 <= view.byteLength) {
    const dataEnd = at + 2 + view.getUint8(at + 1);
    if (dataEnd > view.byteLength) return null;
    const data = Uint8Array.from(new Uint8Array(view.buffer, view.byteOffset + at + 2, dataEnd - at - 2));
    suboptions.push({ code: view.getUint8(at), data });
    at = dataEnd;
  }
  return at === view.byteLength && at > 0 ? { kind: "suboptions", suboptions } : null;
}

/** RFC 3397 section 2: names one after another; pointers count from the option's first byte. */
function readNames(view: DataView): DhcpValue | null {
  const names: string[] = [];
  let at = 0;
  while (at < view.byteLength) {
    const name = nameText(view, 0, view.byteLength, at, 0);
    if (name === null) return null;
    names.push(name);
    at = nameEnd(view, 0, view.byteLength, at, 0);
  }
  return names.length > 0 ? { kind: "names", names } : null;
}

/** RFC 3442: prefix length, as many bytes of the destination as it needs, router. */
function readRoutes(view: DataView): DhcpValue | null {
  const routes: DhcpRoute[] = [];
  let at = 0;
  while (at < view.byteLength) {
    const prefixLength = view.getUint8(at);
    const destinationBytes = (prefixLength + 7) >> 3;
    if (prefixLength > 32 || at + 1 + destinationBytes + 4 > view.byteLength) return null;
    let destination = 0;
    for (let index = 0; index < 4; index++) {
      destination = destination * 256 + (index < destinationBytes ? view.getUint8(at + 1 + index) : 0);
    }
    routes.push({ destination, prefixLength, router: view.getUint32(at + 1 + destinationBytes) });
    at += 1 + destinationBytes + 4;
  }
  return routes.length > 0 ? { kind: "routes", routes } : null;
}
