import { type Command, InvalidArgumentError, Option } from "commander";
import type { Target } from "../../lib/operator/gateway/address.ts";
import type { Terminal } from "../Terminal.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-using-console-create-stack-parameters.html */
const STACK_NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;

/** A region stands in the addresses that are called. */
const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

/** `--stack`, `--region` and `--profile` of every command; VESPER_STACK names the stack where `--stack` does not. */
export function targetOptions(program: Command, env: Terminal["env"]): void {
  program
    .addOption(
      new Option(
        "--stack <name>",
        "a deployed stack (default: VESPER_STACK, else the gateway on this machine)",
      ).argParser(matching(STACK_NAME, "a stack's name: letters, digits and hyphens, a letter first")),
    )
    .addOption(
      new Option("--region <region>", "its AWS region (default: the profile's, or AWS_REGION)").argParser(
        matching(REGION, 'an AWS region such as "eu-central-1"'),
      ),
    )
    .option("--profile <profile>", "the AWS profile to reach it with (default: the SDK's chain of credentials)")
    .hook("preAction", () => {
      const { stack, region, profile } = program.opts<Target>();
      if (stack !== undefined) return;
      if (env.VESPER_STACK) program.setOptionValue("stack", checkName(program, env.VESPER_STACK));
      else if (region !== undefined || profile !== undefined) {
        program.error("error: --region and --profile go with --stack, or with VESPER_STACK");
      }
    });
}

function matching(pattern: RegExp, allowed: string): (given: string) => string {
  return (given) => {
    if (pattern.test(given)) return given;
    throw new InvalidArgumentError(`Give ${allowed}.`);
  };
}

function checkName(program: Command, name: string): string {
  if (!STACK_NAME.test(name)) program.error(`error: VESPER_STACK is "${name}", which is no stack's name`);
  return name;
}
