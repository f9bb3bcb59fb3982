/** Words after which a credential or a number that nobody should keep is likely; a few of other languages, too. */
const NAMED =
  /(?<![\p{L}\d])(pass ?words?|pass ?codes?|pass ?phrases?|passwd|pwd|pins?|api[ _-]?keys?|access[ _-]?keys?|secrets?|tokens?|private keys?|ssn|social security|cvv|cvc|iban|(credit|debit|bank) ?card|card number|(seed|recovery) phrase|passwort|kennwort|contraseña|mot de passe|senha|пароль)(?![\p{L}\d])|密码|密碼|パスワード|비밀번호/iu;

/** What keys of well-known services begin with; numbers as long as a payment card's, or in groups as an SSN; logins. */
const SHAPED =
  /\b(?:(?:sk|pk|rk|gh[opsu]|xox[abps]|glpat|npm|hf)[-_]\w{8,}|A[KS]IA[A-Z0-9]{12,}|\d{3}-\d{2}-\d{4}\b)|(?:\d[ -]?){13,19}|:\/\/[^\s/@]{1,200}:[^\s/@]{1,200}@|-----BEGIN /;

/** Runs without a space that are as long as keys are. Found apart from what they hold, so that the work stays linear. */
const LONG_RUN = /[\w+/=.-]{24,}/g;

/** Whether a text seems to hold a credential; such text is not remembered. Errs on the side of forgetting. */
export function looksSecret(text: string): boolean {
  if (NAMED.test(text) || SHAPED.test(text)) return true;
  return text.match(LONG_RUN)?.some((run) => /\d/.test(run) && /[A-Za-z]/.test(run)) ?? false;
}
