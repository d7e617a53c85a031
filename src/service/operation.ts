/** What a request to the platform asks for, and what of its bodies the analysis wants to know. */

/** What is read from a body. */
export const BodyUse = { none: 0, healthReport: 1, goalState: 2, statusUpload: 3 } as const;
export type BodyUse = (typeof BodyUse)[keyof typeof BodyUse];

/** A named operation of a service. */
export interface Operation {
  /** As in the report: "goal-state", "put-status", ... */
  readonly name: string;
  readonly requestBody: BodyUse;
  readonly responseBody: BodyUse;
  /** Bits of `Secret` that every request of it, and every 2xx answer to it with a body, holds. */
  readonly requestSecrets: number;
  readonly responseSecrets: number;
}

/** A request target taken apart: what operations are told by. All in lower case. */
export interface TargetParts {
  /** Without a trailing slash; "" for "/". */
  readonly path: string;
  /** The `comp` and `type` parameters; "" without. */
  readonly component: string;
  readonly type: string;
}

/** Takes a request target apart, in origin or absolute form. */
export function targetParts(target: string): TargetParts {
  const origin = target.replace(/^https?:\/\/[^/?#]*/i, "").toLowerCase();
  const [path = "", query = ""] = origin.split(/[?#]/, 2);
  const parameters = new URLSearchParams(query);
  return {
    path: path.replace(/\/+$/, ""),
    component: parameters.get("comp") ?? "",
    type: parameters.get("type") ?? "",
  };
}

/** An operation without bodies or secrets of interest, but for what is given. */
export function operation(name: string, more: Partial<Operation> = {}): Operation {
  return {
    name,
    requestBody: BodyUse.none,
    responseBody: BodyUse.none,
    requestSecrets: 0,
    responseSecrets: 0,
    ...more,
  };
}
