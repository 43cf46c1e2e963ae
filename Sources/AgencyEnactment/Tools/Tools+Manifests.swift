// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema

extension Tools {
    /// What each tool declares of itself.
    ///
    /// Whatever they change lies in the workspace, so that going back to a checkpoint undoes it, and nothing that they are
    /// given leaves the machine. What they show could have been written by anybody.
    public static let manifests =
        reading.map { declaring($0, .pure) } + (running + writing).map { declaring($0, .transactional) }

    private static func declaring(_ manifest: ToolManifest, _ repeatability: Repeatability) -> ToolManifest {
        var manifest = manifest
        manifest.repeatability = repeatability
        manifest.reach = .local
        manifest.isDestructive = false
        manifest.pays = false
        manifest.place = "workspace"
        manifest.arguments = authorities[manifest.name]
        manifest.results = [
            "output": ResultLabel(writers: [.anyone], readers: .person),
            "status": ResultLabel(writers: [.tool], readers: .person, repeats: []),
        ]
        return manifest
    }

    /// What each argument decides.
    private static let authorities: [ToolName: [String: Authority]] = [
        "files.list": ["path": .object, "depth": .none],
        "files.read": ["path": .object, "from_line": .none, "lines": .none],
        "files.search": ["pattern": .none, "path": .object, "limit": .none],
        "sqlite.query": ["database": .object, "sql": .code, "limit": .none, "header": .none],
        "git.log": ["count": .none],
        "git.show": ["revision": .object],
        "git.diff": [:],
        "shell.run": ["command": .code, "seconds": .none],
        "files.write": ["path": .object, "content": .none],
        "files.patch": ["path": .object, "edits": .none],
        "files.delete": ["path": .object],
        "files.move": ["from": .object, "to": .object],
        "sqlite.execute": ["database": .object, "sql": .code],
        "git.commit": ["message": .none],
    ]

    private static let path = JSONSchema.string("A path relative to the workspace.", minLength: 1, maxLength: 4096)

    private static let database = JSONSchema.string(
        "The path of an SQLite database, relative to the workspace.",
        minLength: 1,
        maxLength: 4096
    )

    private static func sql(_ about: String) -> JSONSchema { .string(about, minLength: 1, maxLength: 100_000) }

    private static let reading = [
        ToolManifest(
            name: "files.list",
            about: "Lists a folder, folders with a stroke at the end.",
            parameters: .object(
                ["path": path, "depth": .integer("How many folders deep; 1 unless given.", in: 1...20)],
                optional: ["path", "depth"]
            ),
            effect: .read
        ),
        ToolManifest(
            name: "files.read",
            about: "Shows a text file, or some lines of it, up to 64 KiB.",
            parameters: .object(
                [
                    "path": path, "from_line": .integer("The first line, counted from 1.", in: 1...100_000_000),
                    "lines": .integer("How many lines.", in: 1...100_000),
                ],
                optional: ["from_line", "lines"]
            ),
            effect: .read
        ),
        ToolManifest(
            name: "files.search",
            about: "Finds the lines of text files that contain a literal text, as path:line: text.",
            parameters: .object(
                [
                    "pattern": .string("The literal text; no line breaks.", minLength: 1, maxLength: 1000),
                    "path": path, "limit": .integer("The most lines to show; 50 unless given.", in: 1...500),
                ],
                optional: ["path", "limit"]
            ),
            effect: .read
        ),
        ToolManifest(
            name: "sqlite.query",
            about: "Runs SQL on a database that it cannot change; values separated by tabs, one row on a line.",
            parameters: .object(
                [
                    "database": database, "sql": sql("SELECT statements or read-only PRAGMAs."),
                    "limit": .integer("The most rows to show; 200 unless given.", in: 1...1000),
                    "header": .boolean("Whether the first row holds the names of the columns."),
                ],
                optional: ["limit", "header"]
            ),
            effect: .read
        ),
        ToolManifest(
            name: "git.log",
            about: "Shows the latest commits.",
            parameters: .object(
                ["count": .integer("How many; 20 unless given.", in: 1...500)],
                optional: ["count"]
            ),
            effect: .read
        ),
        ToolManifest(
            name: "git.show",
            about: "Shows one commit with its changes.",
            parameters: .object(["revision": .string("A commit, branch or tag.", minLength: 1, maxLength: 200)]),
            effect: .read
        ),
        ToolManifest(
            name: "git.diff",
            about: "Shows what is not committed: a short status, then the difference to the last commit.",
            parameters: .object([:]),
            effect: .read
        ),
    ]

    private static let running = [
        ToolManifest(
            name: "shell.run",
            about: "Runs a program in the sandbox, without a shell and without a network, in the workspace.",
            parameters: .object(
                [
                    "command": .array(
                        of: .string(maxLength: 100_000),
                        "The program and its arguments, one in each element, as in [\"python3\", \"-m\", \"unittest\"].",
                        minItems: 1,
                        maxItems: 1000
                    ),
                    "seconds": .number("The most wall time; 60 unless given.", in: 0.1...3600),
                ],
                optional: ["seconds"]
            ),
            effect: .run
        )
    ]

    private static let writing = [
        ToolManifest(
            name: "files.write",
            about: "Writes a whole file, in place of what it held; folders on the way are made.",
            parameters: .object(["path": path, "content": .string("All of the file.", maxLength: 1_000_000)]),
            effect: .write
        ),
        ToolManifest(
            name: "files.patch",
            about: "Replaces passages of a file; each must be found exactly once, or nothing is changed.",
            parameters: .object(
                [
                    "path": path,
                    "edits": .array(
                        of: .object(
                            [
                                "find": .string("The passage, literally.", minLength: 1, maxLength: 100_000),
                                "replace": .string("What takes its place.", maxLength: 1_000_000),
                            ]
                        ),
                        "In order; each is applied to what the one before left.",
                        minItems: 1,
                        maxItems: 100
                    ),
                ]
            ),
            effect: .write
        ),
        ToolManifest(
            name: "files.delete",
            about: "Removes a file, a link or an empty folder.",
            parameters: .object(["path": path]),
            effect: .write
        ),
        ToolManifest(
            name: "files.move",
            about: "Gives a file or folder another path, where there is nothing yet.",
            parameters: .object(["from": path, "to": path]),
            effect: .write
        ),
        ToolManifest(
            name: "sqlite.execute",
            about: "Runs SQL that changes a database, in one transaction unless the script begins its own.",
            parameters: .object(["database": database, "sql": sql("The statements, separated by semicolons.")]),
            effect: .write
        ),
        ToolManifest(
            name: "git.commit",
            about: "Commits everything that has changed and is not ignored.",
            parameters: .object(["message": .string("The message.", minLength: 1, maxLength: 10_000)]),
            effect: .write
        ),
    ]
}
