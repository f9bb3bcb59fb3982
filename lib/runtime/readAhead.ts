/** The same values, each asked for while the one before it is being worked on. Ends the source when it is left early. */
export async function* readAhead<Value>(source: AsyncGenerator<Value>): AsyncGenerator<Value> {
  let next = source.next();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = source.next();
      // It is thrown when its turn comes; until then it is no unhandled one.
      next.catch(() => {});
      yield value;
    }
  } finally {
    await source.return(undefined);
  }
}
