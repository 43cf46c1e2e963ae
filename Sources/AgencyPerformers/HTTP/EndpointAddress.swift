// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Foundation

/// The address of an endpoint, checked and joined with the path of a call.
struct EndpointAddress: Hashable, Sendable {
    /// The address of the call.
    let url: String
    /// Host and port, for people.
    let place: String
    /// The host.
    let host: String

    /// Checks an address.
    ///
    /// - Parameters:
    ///   - address: What the profile says.
    ///   - fallback: What is used when it says nothing.
    ///   - path: The path of the call, which begins with `/`.
    ///   - version: The path that stands for the version, where an address without any path needs one.
    /// - Throws: ``PerformerError`` with `.badProfile`.
    init(_ address: String?, fallback: String, path: String, version: String) throws(PerformerError) {
        let text = address ?? fallback
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            scheme == "http" || scheme == "https", let host = parts.host, !host.isEmpty
        else {
            throw PerformerError(.badProfile, "“\(text.boundedLine(120))” is no http or https address")
        }
        guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil else {
            throw PerformerError(
                .badProfile,
                "the address of \(host.boundedLine(80)) may have no user, password, query or fragment"
            )
        }
        var trimmed = text
        while trimmed.hasSuffix("/") { trimmed.removeLast() }
        let isBare = parts.path.allSatisfy { $0 == "/" }
        url = trimmed + (isBare ? version : "") + path
        place = parts.port.map { "\(host):\($0)" } ?? host
        self.host = host.lowercased()
    }
}
