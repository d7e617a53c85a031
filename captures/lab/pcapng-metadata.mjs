/** Takes out of a pcapng file what describes the machine that recorded it: hardware, system and the interfaces' own. */
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
/** Options to leave out, by block type: shb_hardware, shb_os; if_hardware, if_os. */
const LEFT_OUT = { [SECTION_HEADER]: [2, 3], [INTERFACE_DESCRIPTION]: [12, 15] };
/** Where the options begin, from the start of the block. */
const OPTIONS_START = { [SECTION_HEADER]: 24, [INTERFACE_DESCRIPTION]: 16 };

/** The same file (little-endian, as dumpcap writes it here) without those options. */
export function withoutMachine(file) {
  const blocks = [];
  for (let start = 0; start + 12 <= file.length; ) {
    const type = file.readUInt32LE(start);
    const length = file.readUInt32LE(start + 4);
    const block = file.subarray(start, start + length);
    blocks.push(type in LEFT_OUT ? shortened(block, type) : block);
    start += length;
  }
  return Buffer.concat(blocks);
}

function shortened(block, type) {
  const kept = [block.subarray(0, OPTIONS_START[type])];
  for (let start = OPTIONS_START[type]; start + 4 <= block.length - 4; ) {
    const code = block.readUInt16LE(start);
    const end = start + 4 + ((block.readUInt16LE(start + 2) + 3) & ~3);
    if (!LEFT_OUT[type].includes(code)) kept.push(block.subarray(start, end));
    start = end;
    if (code === 0) break;
  }
  kept.push(Buffer.alloc(4));
  const whole = Buffer.concat(kept);
  whole.writeUInt32LE(whole.length, 4);
  whole.writeUInt32LE(whole.length, whole.length - 4);
  return whole;
}
