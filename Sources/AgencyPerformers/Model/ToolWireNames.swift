// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// The names that tools go by on a wire that allows only letters, digits, `_` and `-`, and the way back.
///
/// > Source: both providers demand `^[a-zA-Z0-9_-]{1,64}$` <https://platform.claude.com/docs/en/agents-and-tools/tool-use>.
public struct ToolWireNames: Hashable, Sendable {
    private var tools: [String: ToolName] = [:]

    /// Gives each tool its name on the wire.
    ///
    /// - Throws: ``PerformerError`` with `.badRequest` when a name cannot be sent or two tools would share one.
    public init(_ manifests: [ToolManifest]) throws(PerformerError) {
        for manifest in manifests {
            let wire = Self.wireName(of: manifest.name)
            guard (1...64).contains(wire.utf8.count) else {
                throw PerformerError(
                    .badRequest,
                    "the tool name “\(manifest.name.rawValue.boundedLine(80))” is empty or longer than 64 characters"
                )
            }
            if let other = tools.updateValue(manifest.name, forKey: wire) {
                throw PerformerError(
                    .badRequest,
                    "the tools “\(other.rawValue.boundedLine(80))” and “\(manifest.name.rawValue.boundedLine(80))” "
                        + "would both be called “\(wire)” on the wire"
                )
            }
        }
    }

    /// The name of a tool on the wire: everything but letters, digits, `_` and `-` becomes `_`.
    public static func wireName(of tool: ToolName) -> String {
        String(
            decoding: tool.rawValue.unicodeScalars.map { scalar in
                let allowed = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                return allowed || scalar == "-" || scalar == "_" ? UInt8(scalar.value) : UInt8(ascii: "_")
            },
            as: UTF8.self
        )
    }

    /// The tool of that name on the wire, if it was offered.
    public func tool(named wire: String) -> ToolName? { tools[wire] }
}
