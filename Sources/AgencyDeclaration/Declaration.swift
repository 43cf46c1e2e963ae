// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// Reads and prints what people declare: architectures, briefs, goals and profiles.
///
/// Reading is strict: an unknown name, a wrong type, a duplicate, or anything of YAML that a declaration has no need of
/// is a fault with its line and column. What is printed reads back equal.
public enum Declaration {
    /// Reads an architecture.
    ///
    /// - Parameters:
    ///   - text: The YAML.
    ///   - file: What faults call the file.
    ///   - tools: The tools that exist, or `nil` to leave tools unchecked.
    ///   - profiles: The profiles that exist, or `nil` to leave performers unchecked.
    /// - Returns: An architecture that breaks no rule.
    /// - Throws: ``DeclarationError`` with every fault that could be found; show them to the author.
    public static func readArchitecture(
        text: String,
        file: String,
        tools: [ToolManifest]? = nil,
        profiles: [Profile]? = nil
    ) throws(DeclarationError) -> Architecture {
        try readArchitecture(bytes: Array(text.utf8), file: file, tools: tools, profiles: profiles)
    }

    /// Reads an architecture from the bytes of a file.
    ///
    /// - Throws: ``DeclarationError`` as ``readArchitecture(text:file:tools:profiles:)`` does, and for bytes that are no
    ///   text.
    public static func readArchitecture(
        bytes: [UInt8],
        file: String,
        tools: [ToolManifest]? = nil,
        profiles: [Profile]? = nil
    ) throws(DeclarationError) -> Architecture {
        let faults = FaultList(file: file)
        let value = read(bytes, .architecture, faults) { $0.faults(tools: tools, profiles: profiles) }
        return try faults.finish(value)
    }

    /// Reads a brief: Markdown with a head of YAML between two lines of three hyphens.
    ///
    /// - Parameters:
    ///   - text: The head and the document.
    ///   - file: What faults call the file.
    ///   - tools: The tools that exist, or `nil` to leave the checks of goals unchecked.
    /// - Returns: A brief that breaks no rule.
    /// - Throws: ``DeclarationError`` with every fault that could be found; show them to the author.
    public static func readBrief(
        text: String,
        file: String,
        tools: [ToolManifest]? = nil
    ) throws(DeclarationError) -> Brief {
        try readBrief(bytes: Array(text.utf8), file: file, tools: tools)
    }

    /// Reads a brief from the bytes of a file.
    ///
    /// - Throws: ``DeclarationError`` as ``readBrief(text:file:tools:)`` does, and for bytes that are no text.
    public static func readBrief(
        bytes: [UInt8],
        file: String,
        tools: [ToolManifest]? = nil
    ) throws(DeclarationError) -> Brief {
        let faults = FaultList(file: file)
        guard let source = SourceText(bytes: bytes, faults: faults), let parts = BriefParts(source, faults: faults)
        else {
            throw faults.error
        }
        let value = read(parts.head, of: source, .brief(document: parts.document), faults) { $0.faults(tools: tools) }
        return try faults.finish(value)
    }

    /// Reads a tree of goals by itself, as ``printGoals(_:)`` prints it.
    ///
    /// - Throws: ``DeclarationError`` with every fault that could be found; show them to the author.
    public static func readGoals(
        text: String,
        file: String,
        tools: [ToolManifest]? = nil
    ) throws(DeclarationError) -> [Goal] {
        let faults = FaultList(file: file)
        let value = read(Array(text.utf8), .goals, faults) { $0.faults(tools: tools) }
        return try faults.finish(value)
    }

    /// Reads the profiles of who performs.
    ///
    /// - Throws: ``DeclarationError`` with every fault that could be found; show them to the author.
    public static func readProfiles(text: String, file: String) throws(DeclarationError) -> [Profile] {
        try readProfiles(bytes: Array(text.utf8), file: file)
    }

    /// Reads the profiles of who performs from the bytes of a file.
    ///
    /// - Throws: ``DeclarationError`` as ``readProfiles(text:file:)`` does, and for bytes that are no text.
    public static func readProfiles(bytes: [UInt8], file: String) throws(DeclarationError) -> [Profile] {
        let faults = FaultList(file: file)
        let value = read(bytes, .profiles, faults) { profiles in
            profiles.flatMap { $0.faults(at: ["profiles", .name($0.name.rawValue)]) }
        }
        return try faults.finish(value)
    }

    /// Reads bytes as YAML, the tree as a value, and maps the rules that it breaks to their places.
    static func read<Value>(
        _ bytes: [UInt8],
        _ shape: Shape<Value>,
        _ faults: FaultList,
        rules: (Value) -> [Finding]
    ) -> Value? {
        guard let source = SourceText(bytes: bytes, faults: faults) else { return nil }
        return read(source.text, of: source, shape, faults, rules: rules)
    }

    private static func read<Value>(
        _ text: String,
        of source: SourceText,
        _ shape: Shape<Value>,
        _ faults: FaultList,
        rules: (Value) -> [Finding]
    ) -> Value? {
        guard let root = YAMLReader(faults: faults, source: source).read(text) else { return nil }
        let value = shape.read(root, faults)
        // Rules on what is half read would blame the author for what the reader left out.
        if faults.isEmpty, let value { faults.add(rules(value), in: root) }
        return value
    }
}
