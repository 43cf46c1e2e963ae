// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore

extension NetworkConnection {
    /// What became of it, in a line.
    var words: String {
        let place =
            port == 0 ? (host.isEmpty ? "nobody" : host) : host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        let traffic = "\(sentBytes) bytes sent, \(receivedBytes) received"
        guard let refusal else { return "\(place), \(traffic)" }
        return address == nil ? "\(place) refused: \(refusal)" : "\(place) cut off: \(refusal); \(traffic)"
    }
}
