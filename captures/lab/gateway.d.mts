import type { Lab } from "./lab.mjs";

export function rejectAtGateway(lab: Lab, match: string): Promise<void>;
