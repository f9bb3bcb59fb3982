/** The region in every ARN and record. */
export const REGION = "us-east-1";

/** The account in every ARN. */
export const ACCOUNT = "000000000000";
