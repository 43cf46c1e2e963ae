// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A secret with its value, which nothing that prints or records it shows.
///
/// The value goes into the sandbox of a program that declared it, as an environment variable, and nowhere else.
public struct Secret: Sendable, CustomStringConvertible, CustomReflectable {
    /// Its name.
    public let name: String
    let value: [UInt8]

    /// How long a value has to be: a shorter one would be found in what is none.
    public static let lengths = 8...(64 << 10)

    /// Makes a secret.
    ///
    /// - Throws: ``EnactmentError`` with `.badSecret` for a value that is too short, too long, or no text.
    public init(name: String, value: [UInt8]) throws(EnactmentError) {
        guard Self.lengths.contains(value.count) else {
            throw EnactmentError(
                .badSecret,
                "the secret \(name.forMessage) has \(value.count) bytes; it needs \(Self.lengths.lowerBound) to "
                    + "\(Self.lengths.upperBound)"
            )
        }
        guard !value.contains(0), String(validating: value, as: UTF8.self) != nil else {
            throw EnactmentError(.badSecret, "the secret \(name.forMessage) is no text")
        }
        self.name = name
        self.value = value
    }

    /// What stands in place of the value.
    public var description: String { "[secret \(name)]" }

    /// Nothing but the name.
    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}

/// Finds the value of a secret by its name, each time that it is needed.
public typealias SecretSource = @Sendable (_ name: String) throws -> Secret
