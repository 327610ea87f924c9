import Foundation
import Runs

/// A script that submits the parts of a plan to Slurm as job arrays, one for each kind of part, and that each of the jobs
/// runs. Submitted again, it takes up what is missing.
public struct SlurmScript: Sendable {
  private let plan: PartPlan
  private let folder: PartsFolder

  public init(_ plan: PartPlan, _ folder: PartsFolder) {
    (self.plan, self.folder) = (plan, folder)
  }

  /// The file of the program that runs.
  public static var program: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
  }

  /// - Parameter program: the file of manikin, as the nodes see it; the variable MANIKIN names another.
  public func write(program: String) throws {
    try AtomicFile.write(text(program: program), to: folder.slurmScript)
  }

  /// Minutes for a kind of part: three times its longest forecast, and ten minutes.
  private func minutes(_ kind: Part.Kind) -> Int {
    let seconds: Double = plan.parts.filter { $0.kind == kind }.map(\.seconds).max() ?? 0
    return Int((3 * seconds / 60).rounded(.up)) + 10
  }

  private func mebibytes(_ kind: Part.Kind) -> Int {
    (plan.parts.filter { $0.kind == kind }.map(\.mebibytes).max() ?? 0) * 5 / 4 + 100
  }

  private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }

  private func text(program: String) -> String {
    func submit(_ kind: Part.Kind, after: String, as name: String) -> String {
      guard plan.parts.contains(where: { $0.kind == kind }) else { return "\(name)=" }
      return "\(name)=$(submit \(kind.rawValue) \(minutes(kind)) \(mebibytes(kind)) \(after) \"$@\")"
    }
    return """
      #!/usr/bin/env bash
      # Submits the missing parts of a run to Slurm: bash slurm.sh [options of sbatch, such as --partition=long]
      # Times are three times the forecast and ten minutes; the last of two options holds, so that --time=600 sets them.
      # Written by 'manikin plan --slurm'.
      set -euo pipefail
      run=\(Self.quoted(folder.run.standardizedFileURL.path))
      parts=\(Self.quoted(folder.url.path))
      manikin=${MANIKIN:-\(Self.quoted(program))}

      # A job of an array: one line of a list. Shortly before the time limit Slurm sends USR1, and the part, which keeps
      # what classifiers are done, is put into the queue again, at most five times; scancel sends TERM, and is obeyed.
      if [ "${1:-}" = part ] && [ -n "${SLURM_ARRAY_TASK_ID:-}" ]; then
        id=$(sed -n "$(($3 + SLURM_ARRAY_TASK_ID))p" "$2")
        limited=
        "$manikin" work "$run" --part "$id" --quiet --wait 60 --threads \(plan.threads) &
        child=$!
        trap 'limited=1; kill -TERM "$child" || true' USR1
        trap 'kill -TERM "$child" || true' TERM
        code=0
        wait "$child" || code=$?
        # A signal ends the first wait, not the child.
        while kill -0 "$child" 2>/dev/null; do
          code=0
          wait "$child" || code=$?
        done
        if [ "$limited" ] && [ "$code" -ne 0 ] && [ "${SLURM_RESTART_COUNT:-0}" -lt 5 ]; then
          scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID"
        fi
        exit "$code"
      fi

      # submit KIND MINUTES MEBIBYTES JOBS [OPTION...] prints the ids of the arrays, or JOBS when nothing is missing. An array
      # has at most 1000 jobs, because that is as many as Slurm takes unless it is told otherwise.
      submit() {
        local kind=$1 minutes=$2 mebibytes=$3 jobs=$4 list count first last ids=
        shift 4
        mkdir -p "$parts/slurm"
        list=$(mktemp "$parts/slurm/$kind.XXXXXX")
        "$manikin" status "$run" --missing --kind "$kind" >"$list"
        count=$(wc -l <"$list")
        for ((first = 1; first <= count; first += 1000)); do
          last=$((count - first < 999 ? count - first : 999))
          ids+=:$(sbatch --parsable --job-name="manikin-$kind" --array="0-$last" --time="$minutes" --mem="${mebibytes}M" \\
            --cpus-per-task=\(plan.threads) --signal=B:USR1@60 --requeue --open-mode=append \\
            --output="$parts/logs/slurm-%A_%a.log" ${jobs:+--dependency="afterany:$jobs"} "$@" \\
            "$parts/slurm.sh" part "$list" "$first")
        done
        ids=${ids#:}
        echo "${ids:-$jobs}"
      }
      \(submit(.train, after: "\"\"", as: "train"))
      \(submit(.draw, after: "\"$train\"", as: "draw"))
      \(submit(.judge, after: "\"$draw\"", as: "judge"))
      \(submit(.classify, after: "\"$draw\"", as: "classify"))
      ends=$(printf '%s\\n' $(echo "$judge:$classify" | tr : ' ') | sort -u | paste -sd:)
      ends=${ends:-$draw}
      \(submit(.gather, after: "\"$ends\"", as: "gather"))
      echo "Submitted. The last job is ${gather:-none: all parts are done}."

      """
  }
}

extension PartsFolder {
  public var slurmScript: URL { url.appending(path: "slurm.sh") }
}

extension PartPlan {
  /// Of each part.
  var threads: Int { parts.map(\.threads).max() ?? 1 }
}
