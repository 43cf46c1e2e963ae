// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// All that the file of profiles declares.
struct ProfilesFile {
    var profiles: [Profile]
    var servers: [ToolServer]
}

extension Shape where Value == ProfilesFile {
    /// The file of profiles.
    static var profilesFile: Shape {
        .mapping("the profiles file") { reader in
            let profiles = reader.required("profiles", .named("profile", Profile.read))
            let servers = reader.optional("mcp", .named("MCP server", ToolServer.read)) ?? []
            return profiles.map { ProfilesFile(profiles: $0, servers: servers) }
        }
    }
}

extension ToolServer {
    static func read(_ name: String, _ reader: inout MappingReader) -> ToolServer? {
        let place = reader.node.mark
        reader.refused(
            ["env", "environment", "key", "token", "secret", "password"],
            "a server is given no environment and no secret",
            hint: "leave it out; what the server needs to read goes under readable"
        )
        let command = reader.required("command", .list(of: .text))
        let readable = reader.optional("readable", .list(of: .text)) ?? []
        let seconds = reader.optional("seconds", .number)
        guard let command else { return nil }
        let server = ToolServer(name: name, command: command, readable: readable, seconds: seconds ?? 60)
        for (message, hint) in server.faults { reader.faults.add(place, message, hint: hint) }
        return server.faults.isEmpty ? server : nil
    }

    private var faults: [(String, String)] {
        var faults: [(String, String)] = []
        if !Self.isName(name) {
            faults.append(
                (
                    "“\(name.shortened)” cannot name an MCP server",
                    "use small letters, digits and hyphens, 32 at most, a letter first"
                )
            )
        }
        if command.isEmpty || command[0].isEmpty {
            faults.append(("the command is empty", "write it as [program, argument]"))
        }
        if !readable.allSatisfy({ $0.hasPrefix("/") && $0 != "/" && !$0.split(separator: "/").contains("..") }) {
            faults.append(("a readable folder is no absolute path of a folder", "write it as [/opt/tools]"))
        }
        if !Self.timeouts.contains(seconds) { faults.append(("seconds is out of range", "from 1 to 3600")) }
        return faults
    }
}

extension Declaration {
    /// Reads the servers of tools that the file of profiles declares under `mcp`.
    ///
    /// - Throws: ``DeclarationError`` with every fault of the file that could be found; show them to the author.
    public static func readToolServers(bytes: [UInt8], file: String) throws(DeclarationError) -> [ToolServer] {
        let faults = FaultList(file: file)
        let value = read(bytes, .profilesFile, faults) { file in
            file.profiles.flatMap { $0.faults(at: ["profiles", .name($0.name.rawValue)]) }
        }
        return try faults.finish(value).servers
    }

    /// Prints servers of tools as the part of the file of profiles that declares them.
    public static func print(_ servers: [ToolServer]) -> String {
        var entries = YAMLEntries()
        entries.add("mcp", .mapping(servers.map { YAMLTree.Entry($0.name, $0.tree) }))
        return YAMLPrinter.print(entries.tree)
    }
}

extension ToolServer {
    fileprivate var tree: YAMLTree {
        var entries = YAMLEntries()
        entries.add("command", .texts(command))
        if !readable.isEmpty { entries.add("readable", .texts(readable)) }
        if seconds != 60 { entries.add("seconds", .number(seconds)) }
        return entries.tree
    }
}
