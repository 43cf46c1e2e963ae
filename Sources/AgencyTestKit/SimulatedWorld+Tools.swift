// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema

extension SimulatedWorld {
    /// What the tools of every simulated world declare of themselves.
    public static let manifests: [ToolManifest] = [
        ToolManifest(
            name: "notes.write",
            about: "Writes a note, replacing what it held.",
            parameters: .object(["path": .string(minLength: 1), "text": .string()]),
            effect: .write,
            repeatability: .transactional
        ),
        ToolManifest(
            name: "notes.append",
            about: "Adds a line to a note; doing it twice adds it twice.",
            parameters: .object(["path": .string(minLength: 1), "text": .string()]),
            effect: .write,
            repeatability: .transactional
        ),
        ToolManifest(
            name: "notes.read",
            about: "Shows a note.",
            parameters: .object(["path": .string(minLength: 1)]),
            effect: .read,
            repeatability: .pure
        ),
        ToolManifest(
            name: "notes.count",
            about: "Counts the lines of a note.",
            parameters: .object(["path": .string(minLength: 1)]),
            effect: .run,
            repeatability: .transactional
        ),
    ]

    /// The action that writes a note.
    public static func write(_ path: String, _ text: String) -> Action {
        Action(tool: "notes.write", arguments: ["path": .string(path), "text": .string(text)])
    }

    /// The action that adds a line to a note.
    public static func append(_ path: String, _ text: String) -> Action {
        Action(tool: "notes.append", arguments: ["path": .string(path), "text": .string(text)])
    }

    /// The check that a note holds a text.
    public static func holds(_ path: String, _ text: String) -> Check {
        Check(tool: "notes.read", arguments: ["path": .string(path)], expect: .contains(text))
    }

    /// The check that a note has so many lines.
    public static func lines(_ path: String, _ count: Int) -> Check {
        Check(tool: "notes.count", arguments: ["path": .string(path)], expect: .equals(String(count)))
    }

    static func look(_ action: Action, at files: [String: String]) -> ToolResult {
        guard let path = action.arguments["path"]?.string, let text = files[path] else {
            return ToolResult(status: 1, output: "no such note")
        }
        guard action.tool == "notes.count" else { return ToolResult(status: 0, output: text) }
        return ToolResult(status: 0, output: String(text.split(separator: "\n").count) + "\n")
    }

    /// A path that begins with a slash lies outside of the workspace: the act is tried and fails.
    static func act(_ action: Action, on files: inout [String: String]) -> ToolResult {
        guard let path = action.arguments["path"]?.string, !path.hasPrefix("/") else {
            return ToolResult(status: 1, output: "that note cannot be reached")
        }
        guard let text = action.arguments["text"]?.string else { return look(action, at: files) }
        if action.tool == "notes.append" {
            files[path, default: ""] += text + "\n"
        } else {
            files[path] = text
        }
        return ToolResult(status: 0, output: "written")
    }
}
