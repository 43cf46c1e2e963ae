// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

extension Tools {
    /// Ends a row in the program's output, where a line break may be part of a value.
    private static let rowEnd: UInt8 = 0x1E

    func query(_ arguments: Arguments, seconds: Double?) async throws -> ToolResult {
        let path = try arguments.path("database")
        let sql = arguments.text("sql")
        if let refusal = Self.refusal(of: sql) { return refusal }
        let files = workspace.files
        let (kind, needsCopy) = try await blocking {
            let (head, kind) = try files.read(path, limit: 100)
            let hasJournal = ["-wal", "-journal"].contains {
                (try? files.kind(RelativePath(path.description + $0))) != nil
            }
            // Without write access, SQLite can neither join a write-ahead log nor roll a journal back.
            return (kind, hasJournal || (head.count > 18 && head[18] == 2))
        }
        var sandbox = sandbox
        var command = [
            "sqlite3", "-batch", "-bail", "-safe", "-readonly", "-list", "-separator", "\t", "-newline", "\u{1E}",
            arguments.json["header"]?.bool == true ? "-header" : "-noheader", "/workspace/\(path)", Self.plain(sql),
        ]
        if needsCopy {
            guard kind.size <= 1 << 30 else {
                return ToolResult(status: 1, output: "\(path): too large to look at while it has a journal")
            }
            sandbox.limits.temporaryBytes = max(sandbox.limits.temporaryBytes, kind.size * 3 + (64 << 20))
            command = ["sh", "-c", Self.copying, "/workspace/\(path)"] + command
        }
        let limit = arguments.number("limit") ?? 200
        let outcome = try await sandbox.run(
            command,
            in: workspace.directory,
            access: .readOnly,
            seconds: seconds
        ) {
            $0.head += $0.tail
            $0.tail = 0
            $0.mark = Self.rowEnd
        }
        guard outcome.status == 0, outcome.ending == .exited else {
            return Self.result(of: outcome, sandbox.limits).mapOutput { $0.replacing("\u{1E}", with: "\n") }
        }
        let rows = outcome.output.bytes.split(separator: Self.rowEnd, omittingEmptySubsequences: false)
        // After the last end there is nothing, or the piece of a row that was cut.
        let whole = rows.dropLast().prefix(limit)
        let left = outcome.output.marks - whole.count
        var text = whole.map { Capture.repaired(Array($0)) }.joined(separator: "\n")
        if left > 0 { text += "\n… and \(left) more \(left == 1 ? "row" : "rows")" }
        return ToolResult(status: 0, output: text, isTruncated: left > 0)
    }

    func execute(_ arguments: Arguments, seconds: Double?) async throws -> ToolResult {
        let path = try changeable(arguments, "database")
        let sql = arguments.text("sql")
        if let refusal = Self.refusal(of: sql) { return refusal }
        let files = workspace.files
        let size = try await blocking {
            do throws(FileFault) {
                return try files.read(path, limit: 1).kind.size
            } catch {
                // A database that is not there yet is made.
                if error.number != ENOENT { throw error }
                return 0
            }
        }
        var sandbox = sandbox
        // A database is changed as a whole, with a journal beside it.
        sandbox.limits.changedBytes = max(sandbox.limits.changedBytes, min(size, 1 << 30) * 3 + (64 << 20))
        let script = SQLScript(sql)
        guard !script.statements.isEmpty else {
            return ToolResult(status: 1, output: "there is no statement in the script")
        }
        guard !script.hasVacuum || script.statements.allSatisfy({ ["VACUUM", "PRAGMA"].contains($0.first) }) else {
            return ToolResult(status: 1, output: "VACUUM cannot be part of a transaction; give it a step of its own")
        }
        let outcome = try await sandbox.run(
            [
                "sqlite3", "-batch", "-bail", "-list", "-separator", "\t", "-cmd", ".timeout 5000",
                "/workspace/\(path)",
            ] + script.wrapped.map(Self.plain) + ["SELECT 'changes: ' || total_changes()"],
            in: workspace.directory,
            access: .readWrite,
            seconds: seconds
        )
        return Self.result(of: outcome, sandbox.limits)
    }

    /// SQL as an argument that is taken for nothing else: not for an option, as a comment would be, nor for a dot-command.
    private static func plain(_ sql: String) -> String { " " + sql }

    /// Dot-commands are the program's own and not SQL; they are refused rather than misread as SQL.
    private static func refusal(of sql: String) -> ToolResult? {
        guard sql.split(whereSeparator: \.isNewline).contains(where: { $0.drop(while: \.isWhitespace).hasPrefix(".") })
        else {
            return sql.utf8.contains(0) ? ToolResult(status: 1, output: "the SQL has a NUL in it") : nil
        }
        return ToolResult(status: 1, output: "a line of the SQL begins with a dot: only SQL is run, no dot-commands")
    }

    /// Copies the database with its journals to where it can be written, and runs the rest on the copy.
    private static let copying = """
        mkdir /tmp/copy && for end in '' -wal -journal; do
            if [ -e "$0$end" ]; then cp -- "$0$end" "/tmp/copy/database$end" || exit 1; fi
        done
        count=$#
        while [ "$count" -gt 0 ]; do
            word=$1; shift; count=$((count - 1))
            if [ "$word" = "$0" ]; then word=/tmp/copy/database; fi
            set -- "$@" "$word"
        done
        exec "$@"
        """
}
