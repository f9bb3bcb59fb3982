/** Words after which a credential or a number that nobody should keep is likely. */
const NAMED =
  /\b(pass ?words?|pass ?codes?|pass ?phrases?|pins?|api ?keys?|secrets?|tokens?|private keys?|ssn|social security|cvv|cvc|iban|(credit|debit|bank) ?card|card number|seed phrase)\b/i;

/** Long runs without a space that hold letters and digits (keys), and numbers as long as a payment card's. */
const SHAPED =
  /(?=[\w+/=.-]*\d)(?=[\w+/=.-]*[A-Za-z])[\w+/=.-]{24,}|\b(sk|pk|rk|gh[opsu]|xox[abps])[-_]\w{8,}|(?:\d[ -]?){13,19}/;

/** Whether a text seems to hold a credential; such text is not remembered. Errs on the side of forgetting. */
export function looksSecret(text: string): boolean {
  return NAMED.test(text) || SHAPED.test(text);
}
