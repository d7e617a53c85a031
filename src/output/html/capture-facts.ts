/** What was read, and what limits what the report can say: captures, interfaces, addresses, NICs, problems and bounds. */
import type { CaptureSource, Limits, PlatformSummary } from "../../report/report.ts";
import type { ReportView } from "../../report/report-view.ts";
import { count, counted, dateAndClock, size, span } from "../../report/values.ts";
import { type Markup, markup } from "./markup.ts";
import { section } from "./section.ts";

/** Interfaces, NICs and problems that are listed. */
const SHOWN_ROWS = 100;

export function captureSection(report: ReportView): Markup {
  const { capture, platform, limits } = report;
  return section(
    "capture",
    "Capture and limits",
    null,
    markup`<dl>${captureTime(report)}
<dt>Packets</dt><dd>${counted(capture.packets, "packet")}, ${count(capture.platformPackets)} of them the platform’s</dd>
<dt>Platform</dt><dd>${platform.addresses.map(({ address, origin }) => (origin === "default" ? address : `${address} (${origin})`)).join(", ")}</dd>
<dt>Primary NIC</dt><dd>${primaryNicText(platform)}</dd>
<dt>Limits</dt><dd>${limitsText(limits)}</dd></dl>
${problems(report)}${sources(capture.sources)}${nics(platform)}`,
  );
}

function captureTime({ capture }: ReportView): Markup | null {
  if (capture.startedAt === null) return null;
  return markup`<dt>Time</dt><dd>${dateAndClock(capture.startedAt)} to ${dateAndClock(capture.endedAt)} UTC, ${span(capture.durationMs)}</dd>`;
}

function primaryNicText({ primaryNic }: PlatformSummary): string {
  if (primaryNic === null) return "not known: no option, no DHCP lease, and no answered request tells";
  const { interface: name, mac, addresses, origin } = primaryNic;
  return `${[name, mac, ...addresses].filter((part) => part !== null).join(", ")} (${origin})`;
}

function limitsText({ flowsDropped, bytesNotReassembled, packetsNotDecoded }: Limits): string {
  const given = [
    flowsDropped > 0 ? `${counted(flowsDropped, "flow")} not kept` : "",
    bytesNotReassembled > 0 ? `${size(bytesNotReassembled)} of streams not put together` : "",
    packetsNotDecoded > 0 ? `${counted(packetsNotDecoded, "packet")} not decoded` : "",
  ].filter((text) => text !== "");
  return given.length === 0 ? "none reached" : given.join(", ");
}

function problems({ capture }: ReportView): Markup | null {
  if (capture.problems.length === 0) return null;
  const several = capture.sources.length > 1;
  const rows = capture.problems.slice(0, SHOWN_ROWS).map(
    ({ source, code, message, offsetBytes, count: times }) =>
      markup`<li>${several && `${capture.sources[source]?.name ?? source}: `}${message} ${times > 1 && `${count(times)} times. `}${offsetBytes !== null && `First at byte ${count(offsetBytes)}. `}<code>${code}</code></li>
`,
  );
  return markup`<h3>Problems of the capture</h3><ul class="problems">${rows}${moreItems(capture.problems.length)}</ul>
`;
}

function moreItems(length: number): Markup | null {
  return length > SHOWN_ROWS ? markup`<li>${count(length - SHOWN_ROWS)} more: --format json holds them all</li>` : null;
}

function sources(all: readonly CaptureSource[]): Markup {
  const rows = all.flatMap((source) =>
    source.interfaces.map(
      ({ index, name, linkType, snapLength, packets, droppedPackets }) =>
        markup`<tr><td class="mono wide">${source.name}</td><td>${formText(source)}</td><td>${name ?? index}</td><td>${linkType}</td><td class="number">${snapLength === null ? "unlimited" : count(snapLength)}</td><td class="number">${count(packets)}</td><td class="number">${droppedPackets === null ? "not told" : count(droppedPackets)}</td></tr>
`,
    ),
  );
  const more =
    rows.length > SHOWN_ROWS &&
    markup`<p class="quiet">${count(rows.length - SHOWN_ROWS)} more: --format json holds them all.</p>`;
  return markup`<h3>Files and interfaces</h3><div class="scroll" tabindex="0" role="group" aria-label="Files and interfaces">
<table class="plain"><caption class="hidden">What was read, one row an interface</caption>
<thead><tr><th scope="col">Capture</th><th scope="col">Form</th><th scope="col">Interface</th><th scope="col">Link type</th><th scope="col" class="number">Snap length</th><th scope="col" class="number">Packets</th><th scope="col" class="number">Dropped</th></tr></thead>
<tbody>${rows.slice(0, SHOWN_ROWS)}</tbody></table></div>${more}
`;
}

function formText({ format, compression, timestampResolution, truncatedPackets, live }: CaptureSource): string {
  return [
    format,
    compression ?? "",
    timestampResolution,
    truncatedPackets > 0 ? `${count(truncatedPackets)} packets cut short` : "",
    live === null ? "" : `live by ${live.backend}, ${live.clock} clock, ${counted(live.gaps.length, "gap")}`,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function nics({ nics: all }: PlatformSummary): Markup | null {
  if (all.length === 0) return null;
  const rows = all.slice(0, SHOWN_ROWS).map(
    ({ interface: name, mac, addresses, primary, platformPackets }) =>
      markup`<tr><td>${name ?? "-"}</td><td class="mono">${mac}</td><td>${primary === null ? "unknown" : primary ? "primary" : "secondary"}</td><td class="number">${count(platformPackets)}</td><td class="mono wide">${addresses.join(" ") || "-"}</td></tr>
`,
  );
  return markup`<h3>NICs of the VM</h3><div class="scroll" tabindex="0" role="group" aria-label="NICs of the VM">
<table class="plain"><caption class="hidden">The VM’s NICs that the capture shows</caption>
<thead><tr><th scope="col">Interface</th><th scope="col">MAC</th><th scope="col">Role</th><th scope="col" class="number">Platform packets</th><th scope="col">Addresses</th></tr></thead>
<tbody>${rows}</tbody></table></div>
`;
}
