/** The other end of `Processes.startNode`: answers each message of the scenario with what `handle` returns. */
export function answerScenario(handle) {
  process.on("message", async ({ id, message }) => {
    let answer;
    try {
      answer = (await handle(message)) ?? null;
    } catch (error) {
      answer = { error: String(error) };
    }
    process.send?.({ id, answer });
  });
  process.on("disconnect", () => process.exit(0));
}
