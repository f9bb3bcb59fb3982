import { Link } from "../state/router.tsx";
import { When } from "../state/time.tsx";
import { Answer, Empty, Head } from "../ui/parts.tsx";
import { usePages } from "../ui/usePages.ts";

interface AuditAnswer {
  readonly entries: readonly {
    readonly id: string;
    readonly at: string | null;
    readonly who: string;
    readonly action: string;
    readonly target: string;
    readonly why?: string;
    readonly operation?: string;
  }[];
  readonly next: string | null;
}

/** Who did what, when and why. */
export function Audit() {
  const { first, more, onMore } = usePages<AuditAnswer>("/api/audit");
  return (
    <>
      <Head
        title="Audit"
        lead="What operators did, here or on the command line, written down before it was done. Kept for 13 months."
      />
      <Answer of={first}>
        {({ entries }) => {
          const all = [
            ...new Map([...entries, ...more.flatMap((page) => page.entries)].map((one) => [one.id, one])).values(),
          ];
          if (all.length === 0)
            return <Empty title="Nobody has done anything yet">Whatever an operator does is written down here.</Empty>;
          return (
            <div class="table-frame panel">
              <table>
                <thead>
                  <tr>
                    <th scope="col">When</th>
                    <th scope="col">Who</th>
                    <th scope="col">What</th>
                    <th scope="col">To</th>
                    <th scope="col" class="grow">
                      Why
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {all.map(({ id, at, who, action, target, why, operation }) => (
                    <tr key={id} data-row tabIndex={0}>
                      <td>
                        <When at={at} />
                      </td>
                      <td>{who}</td>
                      <td>{operation ? <Link to={`/operations/${operation}`}>{action}</Link> : action}</td>
                      <td class="mono">
                        <span class="clip">{target}</span>
                      </td>
                      <td class="grow">{why ?? <span class="faint">not said</span>}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </Answer>
      {onMore && (
        <button type="button" class="button more" onClick={onMore}>
          More
        </button>
      )}
    </>
  );
}
