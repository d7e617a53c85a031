/** The packets of one flow between two lifelines, the VM's on the left: a table whose cells are arrows, so that it reads aloud too. */
import type { PacketLine, PacketLines } from "../../report/packet-line.ts";
import type { Flow, PacketRef } from "../../report/report.ts";
import { count, counted, endpoint, packetName, span } from "../../report/values.ts";
import { InstantReader } from "./instants.ts";
import { type Markup, markup } from "./markup.ts";

/** Packets of a flow that are looked through, and those of them that are drawn. */
const SEARCHED_PACKETS = 4000;
const DRAWN_PACKETS = 40;
/** When not all are drawn: the first ones are, and those around the evidence. */
const FIRST_PACKETS = 6;
const AROUND_EVIDENCE = 1;
/** Waits from which on a row stands further below the one before, in milliseconds. */
const WAITS_MS: readonly number[] = [50, 500, 2000];

/** Null when none of the flow's packets is held. */
export function ladder(
  flow: Flow,
  sources: number,
  packets: PacketLines,
  isEvidence: (packet: PacketRef) => boolean,
): Markup | null {
  const refs = packets.ofFlow(flow.id, SEARCHED_PACKETS);
  const chosen = chosenPackets(refs, isEvidence);
  const rows: Markup[] = [];
  const instants = new InstantReader(flow.startedAt);
  const startMs = instants.ms(flow.startedAt);
  let before = -1;
  let beforeMs = startMs;
  for (const index of chosen) {
    const ref = refs[index];
    const line = ref === undefined ? null : packets.line(ref);
    if (ref === undefined || line === null) continue;
    if (index > before + 1) rows.push(leftOut(index - before - 1));
    const atMs = line.at === null ? beforeMs : instants.ms(line.at);
    rows.push(packetRow(ref, line, sources, atMs - startMs, atMs - beforeMs, isEvidence(ref)));
    before = index;
    beforeMs = atMs;
  }
  if (rows.length === 0) return null;
  const all = flow.packets.toPlatform + flow.packets.fromPlatform + flow.duplicatePackets;
  if (all > before + 1) rows.push(leftOut(all - before - 1));
  const vm = endpoint(flow.vm.address, flow.vm.port);
  const platform = endpoint(flow.platform.address, flow.platform.port);
  return markup`<details class="ladder" id="ladder-${flow.id}"><summary>Ladder of flow ${flow.id}: <span class="mono">${vm}</span> and <span class="mono">${platform}</span>, ${counted(all, "packet")}</summary>
<div class="scroll" tabindex="0" role="group" aria-label="Ladder of flow ${flow.id}">
<table><caption class="hidden">The packets of flow ${flow.id} in order; evidence is marked</caption>
<thead><tr><th scope="col" class="number">Packet</th><th scope="col" class="number">After</th><th scope="col"><span class="lifelines"><span>VM <span class="mono">${vm}</span></span><span>platform <span class="mono">${platform}</span></span></span></th></tr></thead>
<tbody>${rows}</tbody></table></div></details>
`;
}

/** Indexes in order: all that fit, or the first ones and the evidence with its neighbours. */
function chosenPackets(refs: readonly PacketRef[], isEvidence: (packet: PacketRef) => boolean): number[] {
  if (refs.length <= DRAWN_PACKETS) return refs.map((_, index) => index);
  const chosen = new Set<number>();
  for (let index = 0; index < FIRST_PACKETS; index++) chosen.add(index);
  for (const [index, ref] of refs.entries()) {
    if (!isEvidence(ref)) continue;
    for (let near = index - AROUND_EVIDENCE; near <= index + AROUND_EVIDENCE; near++) {
      if (near >= 0 && near < refs.length && chosen.size < DRAWN_PACKETS) chosen.add(near);
    }
  }
  for (let index = FIRST_PACKETS; index < refs.length && chosen.size < FIRST_PACKETS * 2; index++) chosen.add(index);
  return [...chosen].sort((a, b) => a - b);
}

function packetRow(
  ref: PacketRef,
  line: PacketLine,
  sources: number,
  sinceMs: number,
  waitMs: number,
  evident: boolean,
): Markup {
  const wait = WAITS_MS.filter((least) => waitMs >= least).length;
  return markup`<tr class="wait-${wait}${evident && " evident"}"><td class="number">${evident && markup`<span class="hidden">evidence </span><span class="mark" aria-hidden="true">●</span> `}${packetName(ref, sources)}</td><td class="number">${span(sinceMs)}</td><td>${rung(line)}</td></tr>
`;
}

function rung({ toPlatform, from, summary }: PacketLine): Markup {
  if (toPlatform === null) return markup`<span class="rung note"><span>from ${from}: ${summary}</span></span>`;
  const words = toPlatform ? "to the platform" : "to the VM";
  return markup`<span class="rung ${toPlatform ? "right" : "left"}"><span class="hidden">${words}: </span><span>${summary}</span></span>`;
}

function leftOut(packets: number): Markup {
  return markup`<tr class="left-out"><td class="number"></td><td class="number"></td><td><span class="rung skipped"><span>${count(packets)} ${packets === 1 ? "packet" : "packets"} not drawn</span></span></td></tr>
`;
}
