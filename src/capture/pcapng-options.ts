/** Options of pcapng blocks (draft-ietf-opsawg-pcapng section 3.5): code 0-1, length 2-3, value padded to four bytes. */
import { ipv4TextAt, ipv6TextAt, macAt } from "../bytes/address.ts";
import { safeText } from "../bytes/text.ts";
import { MAX_INTERFACE_NAME_BYTES } from "../limits.ts";
import { DEFAULT_RESOLUTION, type Resolution, resolutionOf } from "./tick-clock.ts";

const OPTION_HEADER_BYTES = 4;

/** So a recording of a live session describes its interfaces: with the primary NIC's name behind it, as the host knew it. */
export const PRIMARY_NIC_DESCRIPTION = "the VM's primary NIC is ";

const Code = {
  end: 0,
  ifName: 2,
  ifDescription: 3,
  ifIpv4Address: 4,
  ifIpv6Address: 5,
  ifMacAddress: 6,
  ifTimeResolution: 9,
  ifTimeOffset: 14,
  isbIfDrop: 5,
  isbOsDrop: 7,
} as const;

/** What an interface description's options tell. */
export interface InterfaceOptions {
  /** if_name, else if_description, made safe to show; null without either. */
  name: string | null;
  /** Name of the VM's primary NIC, which may be another one; null when the description does not tell. */
  primaryNic: string | null;
  mac: number | null;
  addresses: string[];
  resolution: Resolution;
  offsetSeconds: number;
  /** False when an option ends behind its block. */
  whole: boolean;
}

/** Reads the options in `view[start, end)` of an interface description block. */
export function readInterfaceOptions(
  view: DataView,
  start: number,
  end: number,
  littleEndian: boolean,
): InterfaceOptions {
  const options: InterfaceOptions = {
    name: null,
    primaryNic: null,
    mac: null,
    addresses: [],
    resolution: DEFAULT_RESOLUTION,
    offsetSeconds: 0,
    whole: true,
  };
  let description = null as string | null;
  options.whole = eachOption(view, start, end, littleEndian, (code, at, length) => {
    if (code === Code.ifName) options.name = safeText(view, at, at + length, MAX_INTERFACE_NAME_BYTES);
    else if (code === Code.ifDescription) description = safeText(view, at, at + length, MAX_INTERFACE_NAME_BYTES);
    else if (code === Code.ifIpv4Address && length === 8) options.addresses.push(ipv4TextAt(view, at));
    else if (code === Code.ifIpv6Address && length === 17) options.addresses.push(ipv6TextAt(view, at));
    else if (code === Code.ifMacAddress && length === 6) options.mac = macAt(view, at);
    else if (code === Code.ifTimeResolution && length === 1) options.resolution = resolutionOf(view.getUint8(at));
    else if (code === Code.ifTimeOffset && length === 8)
      options.offsetSeconds = Number(view.getBigInt64(at, littleEndian));
  });
  if (description?.startsWith(PRIMARY_NIC_DESCRIPTION))
    options.primaryNic = description.slice(PRIMARY_NIC_DESCRIPTION.length);
  options.name ??= description;
  return options;
}

/** isb_ifdrop plus isb_osdrop in `view[start, end)` of a statistics block; null when it has neither. */
export function readDroppedPackets(view: DataView, start: number, end: number, littleEndian: boolean): number | null {
  let dropped: number | null = null;
  eachOption(view, start, end, littleEndian, (code, at, length) => {
    if ((code !== Code.isbIfDrop && code !== Code.isbOsDrop) || length !== 8) return;
    dropped = (dropped ?? 0) + Number(view.getBigUint64(at, littleEndian));
  });
  return dropped;
}

/** False when an option ends behind `end`; those before it were used. */
function eachOption(
  view: DataView,
  start: number,
  end: number,
  littleEndian: boolean,
  use: (code: number, valueStart: number, valueBytes: number) => void,
): boolean {
  let position = start;
  while (end - position >= OPTION_HEADER_BYTES) {
    const code = view.getUint16(position, littleEndian);
    const length = view.getUint16(position + 2, littleEndian);
    const valueStart = position + OPTION_HEADER_BYTES;
    if (code === Code.end) return true;
    if (valueStart + length > end) return false;
    use(code, valueStart, length);
    position = valueStart + Math.ceil(length / 4) * 4;
  }
  return true;
}
