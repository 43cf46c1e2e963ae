// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyRuntime
import HummingbirdCore
import HummingbirdTLS

/// Where a console answers, and the name that it goes by.
///
/// What other machines can reach is encrypted, under a name that a certificate vouches for. On this machine alone, a name under
/// `localhost` that nobody can guess does: browsers send a cookie to every port of a name, so that whatever else is served here
/// would get it otherwise.
public struct Site: Sendable {
    /// The address on which it listens.
    let address: String
    /// The port; 0 for any that is free.
    let port: Int
    /// The name under which it may be asked for.
    let name: String
    /// What encrypts; `nil` on this machine alone.
    let certificate: Certificate?

    /// A certificate with its key, as servers keep them.
    public struct Certificate: Sendable {
        let configuration: TLSConfiguration

        /// Reads a certificate with those that vouch for it, and its key.
        ///
        /// - Parameters:
        ///   - chain: The certificates in PEM, the server's own first.
        ///   - key: The key in PEM, without a passphrase.
        /// - Throws: ``RuntimeError`` with `.badInput` for what cannot be read, and for a key that is another's.
        public init(chain: [UInt8], key: [UInt8]) throws {
            do {
                let certificates = try NIOSSLCertificate.fromPEMBytes(chain)
                let key = try NIOSSLPrivateKey(bytes: key, format: .pem)
                var configuration = TLSConfiguration.makeServerConfiguration(
                    certificateChain: certificates.map { .certificate($0) },
                    privateKey: .privateKey(key)
                )
                configuration.minimumTLSVersion = .tlsv12
                // Whether the two belong together shows when a server is made of them.
                _ = try TLSChannel(HTTP1Channel(responder: { _, _, _ in }), tlsConfiguration: configuration)
                self.configuration = configuration
            } catch {
                throw RuntimeError(
                    .badInput,
                    "nothing can be encrypted with this certificate and key: \(error)",
                    cause: error
                )
            }
        }
    }

    /// On this machine alone, under a new name that nobody can guess.
    public static func onThisMachine(port: Int) -> Site {
        let name = "agency-\(Tokens.random().prefix(16)).localhost"
        return Site(address: "127.0.0.1", port: port, name: name, certificate: nil)
    }

    /// Under a name of one's own, encrypted.
    ///
    /// - Parameters:
    ///   - name: The name that the certificate vouches for.
    ///   - address: The address to listen on, such as `127.0.0.1`, or `0.0.0.0` for all of this machine's.
    ///   - port: The port; 0 for any that is free.
    ///   - certificate: The certificate.
    /// - Returns: The site.
    /// - Throws: ``RuntimeError`` with `.badInput` for what is no name or no address.
    public static func named(
        _ name: String,
        address: String,
        port: Int,
        certificate: Certificate
    ) throws -> Site {
        let name = name.lowercased()
        guard DeclaredHost.isName(Array(name.utf8)) else {
            throw RuntimeError(.badInput, "“\(name)” is no name that a machine can have, such as desk.example.org")
        }
        guard NetworkAddress(address) != nil else {
            throw RuntimeError(.badInput, "“\(address)” is no address of this machine; 0.0.0.0 stands for all of them")
        }
        return Site(address: address, port: port, name: name, certificate: certificate)
    }

    private init(address: String, port: Int, name: String, certificate: Certificate?) {
        (self.address, self.port, self.name, self.certificate) = (address, port, name, certificate)
    }

    private var scheme: String { certificate == nil ? "http" : "https" }

    /// The address to type, when it listens on a port.
    func origin(port: Int) -> String {
        port == 443 && certificate != nil ? "https://\(name)" : "\(scheme)://\(name):\(port)"
    }

    /// Whether it goes by what a browser or a program asks for.
    ///
    /// - Parameters:
    ///   - authority: The name, with a port unless it is the usual one.
    ///   - port: The port that was asked.
    ///   - isProgram: Whether it is a program with a token, which no page can have a browser show: it need not know the name
    ///     on this machine.
    /// - Returns: Whether it does.
    func goes(by authority: String, port: Int, isProgram: Bool) -> Bool {
        guard certificate == nil else {
            // Ports may be mapped on the way; what counts is the name, which nobody else has a certificate for.
            let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return parts[0] == name && (parts.count == 1 || UInt16(parts[1]) != nil)
        }
        let names = isProgram ? [name, "127.0.0.1", "localhost"] : [name]
        return names.contains { authority == "\($0):\(port)" }
    }

    /// Whether a page that says where it is from is one of ours.
    func isOwn(_ origin: String, askedAs authority: String) -> Bool { origin == "\(scheme)://\(authority)" }
}
#endif
