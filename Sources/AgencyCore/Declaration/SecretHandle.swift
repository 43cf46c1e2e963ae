// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A secret by its name; what it is stands neither in a declaration nor on a record.
public struct SecretHandle: Hashable, Sendable, Codable {
    /// The name, which is also that of the environment variable in which the program that declared it finds the value.
    public var name: String
    /// The variable of our own environment that holds the value; `nil` for one that is kept in the store.
    public var variable: String?

    /// Makes a handle.
    public init(name: String, variable: String? = nil) {
        self.name = name
        self.variable = variable
    }

    /// Whether a name is of capital letters, digits and `_`, 64 at most, begins with a letter, and means nothing to the system.
    public static func isName(_ name: String) -> Bool {
        guard (1...64).contains(name.utf8.count), let first = name.utf8.first, (0x41...0x5A).contains(first),
            name.utf8.allSatisfy({ (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F })
        else { return false }
        return !reserved.contains(name) && !reservedPrefixes.contains { name.hasPrefix($0) }
    }

    private static let reserved: Set<String> = [
        "PATH", "HOME", "LANG", "IFS", "PWD", "SHELL", "TMPDIR", "USER", "ENV", "BASH_ENV", "HTTP_PROXY", "HTTPS_PROXY",
        "NO_PROXY", "ALL_PROXY",
    ]

    private static let reservedPrefixes = ["LD_", "LC_", "PYTHON", "AGENCY_", "GIT_"]
}
