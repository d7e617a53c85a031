/** The VM's NICs, the platform's addresses, and how they are known. */
import { padded } from "../../bytes/text-columns.ts";
import { lossText } from "../../report/live-gaps.ts";
import type { Nic } from "../../report/report.ts";
import type { NicStatus } from "../../report/session-view.ts";
import { count, counted } from "../../report/values.ts";
import { type Body, documentBody, type Item, reading } from "../body.ts";
import type { ScreenModel } from "../model.ts";
import { fact } from "../parts/facts.ts";
import { type Line, type Piece, piece } from "../parts/line.ts";

export function nicsBody(model: ScreenModel, columns: number): Body {
  const { overview, session } = model.data;
  if (overview === null) return documentBody([]);
  const { nics, primaryNic, addresses } = overview.report.platform;
  const primary =
    primaryNic === null
      ? "unknown: nothing tells which it is"
      : `${[primaryNic.interface, primaryNic.mac, ...primaryNic.addresses].filter((one) => one !== null).join(", ")} (${primaryNic.origin})`;
  const known = addresses.map(({ address, origin }) => `${address} (${origin})`).join(", ");
  return documentBody([
    ...reading([...fact("Primary NIC", primary, columns), ...fact("Platform", known, columns), []]),
    ...(session === null
      ? []
      : [
          ...reading([[piece("Watched", "strong")]]),
          ...session.nics.map((nic) => watchedItem(nic, model)),
          ...reading([[]]),
        ]),
    ...reading([[piece("Seen in the packets", "strong")]]),
    ...(nics.length === 0 ? reading([[piece("  none", "faint")]]) : nics.map((nic) => nicItem(nic, model))),
  ]);
}

function nicItem(nic: Nic, { theme }: ScreenModel): Item {
  const line: Line = [
    rolePiece(nic.primary, theme.symbols.verdicts.healthy, theme.symbols.severities.warning, nic.platformPackets),
    piece(padded(nic.interface ?? "-", 10), "strong"),
    piece(`${nic.mac}  `, "faint"),
    piece(`${padded(counted(nic.platformPackets, "packet"), 16, "right")}  `),
    piece(nic.addresses.join(" ")),
  ];
  return {
    lines: [line],
    target: { page: null, copy: { text: nic.mac, what: "MAC" } },
    notable: nic.primary === false,
  };
}

/** A secondary NIC is wrong only when the platform's packets use it. */
function rolePiece(primary: boolean | null, good: string, warning: string, packets: number): Piece {
  if (primary === null) return piece("  unknown    ", "faint");
  if (primary) return piece(`${good} primary    `, "good");
  return packets > 0 ? piece(`${warning} secondary  `, "doubtful") : piece("  secondary  ");
}

function watchedItem(nic: NicStatus, { theme }: ScreenModel): Item {
  const { verdicts } = theme.symbols;
  const lost = nic.state === "lost";
  const state = lost ? `${verdicts.failing} lost: ${lossText(nic.reason)}` : `${verdicts.healthy} ${nic.state}`;
  const drops = nic.droppedPackets === null ? "drops unknown" : `${count(nic.droppedPackets)} dropped`;
  const line: Line = [
    piece(`${padded(state, 12)} `, lost ? "bad" : "good"),
    piece(padded(nic.name, 10), "strong"),
    piece(`${counted(nic.packets, "packet")}, ${nic.packetsPerSecond.toFixed(0)}/s, `),
    piece(`${drops}  `, (nic.droppedPackets ?? 0) > 0 ? "bad" : "faint"),
    piece(nic.addresses.join(" "), "faint"),
  ];
  return { lines: [line], target: { page: null, copy: { text: nic.name, what: "name" } }, notable: lost };
}
