import type { Grant } from "../../adapter/Grant.ts";

/** What an inference profile's name begins with: the regions among which AWS chooses. */
const PROFILE = /^(us|us-gov|eu|apac|au|ca|jp|global)\./;

/**
 * What calling a model takes. A profile is in the account, and the model that it leads to in whichever of its regions AWS
 * chooses: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
 */
export function modelGrants(model: string, region: string | undefined): readonly Grant[] {
  const here = region === undefined ? {} : { region };
  const isProfile = PROFILE.test(model);
  const foundation = { service: "bedrock", resource: `foundation-model/${model.replace(PROFILE, "")}`, account: "" };
  return [
    {
      // The second is for answers that come word by word.
      actions: ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"],
      resources: isProfile
        ? [
            { service: "bedrock", resource: `inference-profile/${model}`, ...here },
            { ...foundation, region: "*" },
          ]
        : [{ ...foundation, ...here }],
    },
  ];
}
