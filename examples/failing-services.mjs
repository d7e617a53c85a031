/**
 * Says which services of the platform do not work in captures, with the first packet that shows why:
 *
 *   node examples/failing-services.mjs vm.pcapng
 */
import { analyze } from "vipscope";

const analysis = await analyze(process.argv.slice(2));
try {
  const { services, anomalies } = analysis.report();
  for (const { service, verdict, summary, anomalies: indexes } of services) {
    if (verdict !== "failing") continue;
    console.log(`${service}: ${summary}`);
    const [packet] = anomalies[indexes[0]]?.packets ?? [];
    const line = packet === undefined ? null : analysis.packetLines.line(packet);
    if (line !== null) console.log(`  packet ${packet.frame}: ${line.from} > ${line.to} ${line.summary}`);
  }
} finally {
  analysis.close();
}
