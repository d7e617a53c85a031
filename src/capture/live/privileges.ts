/** Giving up root: under sudo the analyser becomes the user who called it, once the keeper can start captures in its place. */

/** Who called sudo. */
export interface InvokingUser {
  uid: number;
  gid: number;
  name: string;
}

/** The user behind sudo; null when this is not root, or sudo did not start it, or root called sudo. */
export function invokingUser(
  env: Readonly<Record<string, string | undefined>>,
  uid: number | null,
): InvokingUser | null {
  const { SUDO_UID: userId = "", SUDO_GID: groupId = "", SUDO_USER: name = "" } = env;
  if (uid !== 0 || !/^\d+$/.test(userId) || !/^\d+$/.test(groupId) || name === "") return null;
  return Number(userId) === 0 ? null : { uid: Number(userId), gid: Number(groupId), name };
}

/** Becomes that user for good: groups first, for afterwards it may not. */
export function becomeUser({ uid, gid, name }: InvokingUser): void {
  // Node's types leave it out.
  const initGroups: unknown = Reflect.get(process, "initgroups");
  if (typeof initGroups === "function") initGroups.call(process, name, gid);
  process.setgid?.(gid);
  process.setuid?.(uid);
}
