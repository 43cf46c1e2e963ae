// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// All that the file of profiles declares.
struct ProfilesFile {
    var profiles: [Profile]
    var servers: [ToolServer]
    var secrets: [SecretHandle]
}

extension Shape where Value == ProfilesFile {
    /// The file of profiles.
    static var profilesFile: Shape {
        .mapping("the profiles file") { reader in
            let profiles = reader.required("profiles", .named("profile", Profile.read))
            let servers = reader.optional("mcp", .named("MCP server", ToolServer.read)) ?? []
            let secrets = reader.optional("secrets", .named("secret", SecretHandle.read)) ?? []
            return profiles.map { ProfilesFile(profiles: $0, servers: servers, secrets: secrets) }
        }
    }
}

extension SecretHandle {
    static func read(_ name: String, _ reader: inout MappingReader) -> SecretHandle? {
        let place = reader.node.mark
        reader.refused(
            ["value", "key", "token", "password"],
            "a secret must not be written down",
            hint: "set it with agency secret set \(name.shortened), or name the environment variable that holds it"
        )
        guard let variable = reader.required("variable", .text) else { return nil }
        guard isName(name) else {
            reader.faults.add(place, "“\(name.shortened)” cannot name a secret", hint: nameHint)
            return nil
        }
        let isVariable = variable.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "=") }
        guard !variable.isEmpty, isVariable else {
            reader.faults.add(place, "“\(variable.shortened)” cannot name a variable", hint: "write it as MY_TOKEN")
            return nil
        }
        return SecretHandle(name: name, variable: variable)
    }

    static let nameHint =
        "use capital letters, digits and _, 64 at most, a letter first, and no name that the system uses"
}

extension ToolServer {
    static func read(_ name: String, _ reader: inout MappingReader) -> ToolServer? {
        let place = reader.node.mark
        reader.refused(
            ["env", "environment", "key", "token", "secret", "password"],
            "a server is given no environment, and no secret but by its name",
            hint:
                "leave it out; name what it needs under secrets, and set it with agency secret set NAME; a server with a url is "
                + "shown the token of the environment's token-variable"
        )
        if reader.has(["url"]) { return remote(name, &reader) }
        let command = reader.required("command", .list(of: .text))
        let readable = reader.optional("readable", .list(of: .text)) ?? []
        let seconds = reader.optional("seconds", .number)
        let hosts = reader.optional("hosts", .list(of: .text)) ?? []
        let secrets = reader.optional("secrets", .list(of: .text)) ?? []
        guard let command else { return nil }
        for host in hosts where DeclaredHost(host) == nil {
            reader.faults.add(
                place,
                "“\(host.shortened)” is no host",
                hint: "write one exact name or address, with a port if it is not 443: api.example.com:8443"
            )
        }
        let server = ToolServer(
            name: name,
            command: command,
            readable: readable,
            seconds: seconds ?? 60,
            hosts: hosts.compactMap { DeclaredHost($0) },
            secrets: secrets
        )
        guard server.hosts.count == hosts.count else { return nil }
        for (message, hint) in server.faults { reader.faults.add(place, message, hint: hint) }
        return server.faults.isEmpty ? server : nil
    }

    /// Reads a server that is spoken to over HTTP.
    private static func remote(_ name: String, _ reader: inout MappingReader) -> ToolServer? {
        let place = reader.node.mark
        reader.refused(
            ["command", "readable"],
            "a server with a url is no program that is run here",
            hint: "leave out url or this"
        )
        let url = reader.required("url", .text)
        let token = reader.optional("token-variable", .text)
        let seconds = reader.optional("seconds", .number)
        guard let url else { return nil }
        let server = ToolServer(name: name, url: url, tokenVariable: token, seconds: seconds ?? 60)
        for (message, hint) in server.faults { reader.faults.add(place, message, hint: hint) }
        return server.faults.isEmpty ? server : nil
    }

    private var addressFaults: [(String, String)] {
        guard let url else { return command.first.map { !$0.isEmpty } ?? false ? [] : [Self.emptyCommand] }
        var faults: [(String, String)] = []
        if !Self.isAddress(url) {
            faults.append(
                (
                    "“\(url.shortened)” is no address that a server may have",
                    "write https://host/path, or http:// on 127.0.0.1 only; no user, query or fragment"
                )
            )
        }
        let isVariable = tokenVariable.map { name in
            (1...128).contains(name.utf8.count) && name.utf8.first.map { !(0x30...0x39).contains($0) } ?? false
                && name.utf8.allSatisfy { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
        }
        if isVariable == false {
            faults.append(
                ("token-variable is no name of a variable", "write it as TRACKER_TOKEN; the token stays there")
            )
        }
        return faults
    }

    private static let emptyCommand = ("the command is empty", "write it as [program, argument]")

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
        faults += addressFaults
        if !readable.allSatisfy({ $0.hasPrefix("/") && $0 != "/" && !$0.split(separator: "/").contains("..") }) {
            faults.append(("a readable folder is no absolute path of a folder", "write it as [/opt/tools]"))
        }
        if hosts.count > 64 || Set(hosts).count != hosts.count {
            faults.append(("there are too many hosts, or one is there twice", "name each once, 64 at most"))
        }
        if let name = secrets.first(where: { !SecretHandle.isName($0) }) {
            faults.append(("“\(name.shortened)” cannot name a secret", SecretHandle.nameHint))
        }
        if secrets.count > 32 || Set(secrets).count != secrets.count {
            faults.append(("there are too many secrets, or one is there twice", "name each once, 32 at most"))
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

    /// Reads which secrets are in variables of the environment, as the file of profiles says under `secrets`.
    ///
    /// - Throws: ``DeclarationError`` as ``readToolServers(bytes:file:)`` does.
    public static func readSecrets(bytes: [UInt8], file: String) throws(DeclarationError) -> [SecretHandle] {
        let faults = FaultList(file: file)
        return try faults.finish(read(bytes, .profilesFile, faults) { _ in [] }).secrets
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
        if let url {
            entries.add("url", .text(url))
            entries.add("token-variable", tokenVariable.map { .text($0) })
        } else {
            entries.add("command", .texts(command))
        }
        if !readable.isEmpty { entries.add("readable", .texts(readable)) }
        if seconds != 60 { entries.add("seconds", .number(seconds)) }
        if !hosts.isEmpty { entries.add("hosts", .texts(hosts.map(\.description))) }
        if !secrets.isEmpty { entries.add("secrets", .texts(secrets)) }
        return entries.tree
    }
}
