// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyConsole
import AgencyLedger
import AgencyRuntime
import ArgumentParser

/// Where the desk answers in the browser, and by which name it goes.
struct SiteOptions: ParsableArguments {
    @Option(help: "The port; 0 for any that is free.")
    var port = 8737
    @Option(help: "A name of this machine, such as desk.example.org, that the certificate vouches for.")
    var name: String?
    @Option(help: "The address to listen on with a certificate; 0.0.0.0 for all of this machine's.")
    var address = "127.0.0.1"
    @Option(
        help: ArgumentHelp("The certificate of that name, with those that vouch for it, in PEM.", valueName: "file")
    )
    var certificate: String?
    @Option(help: ArgumentHelp("Its key in PEM, which nobody else may read.", valueName: "file"))
    var certificateKey: String?

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port is a number from 0 to 65535") }
        let given = [name, certificate, certificateKey].compactMap { $0 }
        guard given.isEmpty || given.count == 3 else {
            throw ValidationError("--name, --certificate and --certificate-key go together")
        }
        guard !given.isEmpty || address == "127.0.0.1" else {
            throw ValidationError(
                "only 127.0.0.1 is served without encryption; for \(address) give --name, --certificate and --certificate-key"
            )
        }
    }

    /// Where the desk is to answer.
    ///
    /// - Throws: ``RuntimeError`` with `.badInput` for files that are no certificate and key of it; what keeps them from being read.
    func site() throws -> Site {
        guard let name, let certificate, let certificateKey else { return .onThisMachine(port: port) }
        return try .named(
            name,
            address: address,
            port: port,
            certificate: Site.Certificate(
                chain: Self.read(certificate),
                key: Self.read(certificateKey, isSecret: true)
            )
        )
    }

    private static func read(_ path: String, isSecret: Bool = false) throws -> [UInt8] {
        guard let bytes = try PrivateFile.read(path, limit: 1 << 20, isSecret: isSecret) else {
            throw RuntimeError(.notFound, "there is no file \(path)")
        }
        return bytes
    }
}
#endif
