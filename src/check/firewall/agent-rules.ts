/**
 * The VM agent's own rules, which are normal: TCP to the platform is for root alone, but for DNS. In iptables' table "security", or in nftables'
 * table "walinuxagent" (ga/firewall_manager.py of the Linux agent, versions 2.2.26 on).
 */
import type { FilterTable, Hit } from "./model.ts";

const NFT_TABLE = "nft ip walinuxagent";
const IPTABLES_TABLE = /^iptables(-legacy)? security$/;

/** The table holds the agent's rule. */
export function isAgentRule(table: FilterTable, address: string): boolean {
  if (table.name === NFT_TABLE) return true;
  const rules = table.chains.flatMap((chain) => chain.rules);
  return IPTABLES_TABLE.test(table.name) && rules.some(({ text }) => isAgentText(text, address));
}

/** What was hit is the agent's rule: it stops whoever is not root, and that is meant. */
export function isAgentPlace({ place, text }: Pick<Hit, "place" | "text">, address: string): boolean {
  if (place.startsWith(`${NFT_TABLE} `)) return true;
  return IPTABLES_TABLE.test(place.replace(/ OUTPUT$/, "")) && isAgentText(text, address);
}

/** "-A OUTPUT -d 168.63.129.16/32 -p tcp -m conntrack --ctstate INVALID,NEW -j DROP". */
function isAgentText(text: string, address: string): boolean {
  return text.includes(`-d ${address}/32 `) && /--ctstate INVALID,NEW -j DROP/.test(text);
}
