/** What capture programs say of packets that they lost, on their standard error. */

/** tcpdump, at SIGUSR1 and at its end: "12 packets dropped by kernel", alone or at the end of a longer line. */
const TCPDUMP = /(\d+) packets? dropped by kernel/;

/** dumpcap, at its end: "Packets received/dropped on interface 'eth0': 12/3 (pcap:3/dumpcap:0/flushed:0/ps_ifdrop:0) (80.0%)". */
const DUMPCAP = /received\/dropped on interface .*: \d+\/(\d+) \(pcap:/;

/** Packets lost since the program began; null when the line does not tell. */
export function droppedIn(line: string): number | null {
  const found = TCPDUMP.exec(line) ?? DUMPCAP.exec(line);
  return found === null ? null : Number(found[1]);
}
