/** Asks why something is done, for the audit log. */
export function WhyField({
  note = "",
  isFull = false,
  isRequired,
  why,
  onWhy,
}: {
  /** Stands behind the question, such as that it may stay empty. */
  readonly note?: string;
  /** As wide as the form. */
  readonly isFull?: boolean;
  readonly isRequired: boolean;
  readonly why: string;
  readonly onWhy: (why: string) => void;
}) {
  return (
    <label class={isFull ? "field full" : "field"}>
      Why{note}, for the audit log
      <input
        type="text"
        required={isRequired}
        maxLength={500}
        value={why}
        onInput={(event) => onWhy(event.currentTarget.value)}
      />
    </label>
  );
}
