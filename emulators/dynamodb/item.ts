/** One attribute value as it is on the wire; binary values are base64 text. */
export interface AttributeValue {
  S?: string;
  N?: string;
  B?: string;
  BOOL?: boolean;
  NULL?: boolean;
  SS?: string[];
  NS?: string[];
  BS?: string[];
  L?: AttributeValue[];
  M?: Item;
}

/** An item, or a part of one (a key, a projection), by attribute name. */
export interface Item {
  [attribute: string]: AttributeValue;
}
