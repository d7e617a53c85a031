/** A DHCP exchange with its messages, and a series of health probes with its changes. */
import { padded } from "../../bytes/text-columns.ts";
import { MAX_LISTED_SERIES_FLOWS } from "../../limits.ts";
import type { DhcpExchange, ProbeSeries } from "../../report/report.ts";
import { clock, count, endpoint, packetName, span } from "../../report/values.ts";
import { type Body, documentBody, type Item, reading } from "../body.ts";
import { type ScreenModel, sourceCount } from "../model.ts";
import { fact } from "../parts/facts.ts";
import { type Line, piece } from "../parts/line.ts";
import { packetTarget } from "../parts/packet-item.ts";
import { probeStrip } from "../parts/probe-strip.ts";
import { dhcpLines } from "./flow-content.ts";

export function dhcpBody(exchange: DhcpExchange, model: ScreenModel, columns: number): Body {
  const sources = sourceCount(model.data);
  const { toRight } = model.theme.symbols;
  const messages = exchange.messages.map(
    ({ type, at, from, to, packet }): Item => ({
      lines: [
        [
          piece(`${padded(packetName(packet, sources), 7, "right")}  `, "accent"),
          piece(`${clock(at)}  `, "faint"),
          piece(padded(type, 10), "strong"),
          piece(`${from} ${toRight} ${to}`),
        ],
      ],
      target: packetTarget(packet),
      notable: type === "NAK" || type === "DECLINE",
    }),
  );
  return documentBody([...reading([...dhcpLines(exchange, columns), []]), ...messages]);
}

export function probeBody(series: ProbeSeries, model: ScreenModel, columns: number): Body {
  const { theme, data } = model;
  const { transitions, flows } = series;
  const lines: Line[] = [
    [
      piece("Health probes of ", "faint"),
      piece(endpoint(series.vm.address, series.vm.port), "strong"),
      piece(`  ${series.kind} ${series.path ?? ""}`),
    ],
    ...fact(
      "Probes",
      `${count(series.probes)}, ${count(series.succeeded)} succeeded, ${count(series.failed)} failed`,
      columns,
    ),
    ...fact("Every", span(series.intervalMs), columns),
    ...fact("Last", series.lastOutcome, columns, series.lastOutcome === "succeeded" ? "good" : "bad"),
    [],
    probeStrip(series, data.overview?.report.capture ?? null, columns - 1, theme.symbols),
    [],
    ...transitions.map(
      ({ at, to }): Line => [
        piece(`${clock(at)}  `, "faint"),
        piece(
          `${to === "up" ? theme.symbols.verdicts.healthy : theme.symbols.verdicts.failing} ${to}`,
          to === "up" ? "good" : "bad",
        ),
      ],
    ),
    [],
  ];
  const items = flows.slice(-MAX_LISTED_SERIES_FLOWS).map(
    (id): Item => ({
      lines: [[piece(`  flow ${id}`, "accent")]],
      target: { page: { kind: "flow", id }, copy: null },
      notable: false,
    }),
  );
  return documentBody([...reading(lines), ...items]);
}
