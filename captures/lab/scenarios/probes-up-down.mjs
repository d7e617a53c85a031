export const scenario = {
  file: "probes-up-down.pcap",
  happened:
    "TCP probe of 443 and HTTP probe of 8080 succeed; the applications stop (refused), start again; 8080 answers 503, then 200; 443 is dropped by the VM's firewall, then opened",
  made: "probes from the platform address, applications in the VM, iptables DROP",
  found:
    "`probe-refused`, `probe-http-error` (503), `probe-unanswered` critical; `probe-flapping`; up at the end, so health-probe degraded",
  async run(lab) {
    const apps = await lab.apps();
    const both = async () => {
      await apps.ask({ open: { port: 443, kind: "tcp" } });
      await apps.ask({ open: { port: 8080, kind: "http" } });
    };
    await both();
    const recording = await lab.record();
    const probes = await lab.probes();
    await probes.probe({ kind: "tcp", port: 443 });
    await lab.sleep(1);
    await probes.probe({ kind: "http", port: 8080 });
    await lab.sleep(21);
    await apps.ask({ close: 443 });
    await apps.ask({ close: 8080 });
    await lab.sleep(15);
    await both();
    await lab.sleep(20);
    await apps.ask({
      behave: { port: 8080, status: 503, reason: "Service Unavailable", body: '{"status":"draining"}' },
    });
    await lab.sleep(15);
    await apps.ask({ behave: { port: 8080 } });
    await lab.sleep(10);
    const openAgain = await lab.firewall("vm", "-A INPUT -p tcp --dport 443 -j DROP");
    await lab.sleep(20);
    await openAgain();
    await lab.sleep(21);
    await probes.ask({ stop: true });
    return recording.stop();
  },
};
