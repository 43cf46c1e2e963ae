// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// A request, most often a POST with a JSON body, before any client has touched it.
public struct HTTPRequest: Hashable, Sendable {
    /// What is asked for.
    public var method: Method
    /// Where it goes, as an absolute `http` or `https` address.
    public var url: String
    /// Its headers, with lower-case names, in order; one of them may hold a key, so requests are never logged.
    public var headers: [HTTPHeader]
    /// Its body.
    public var body: [UInt8]

    /// What can be asked for.
    public enum Method: String, Hashable, Sendable {
        case post = "POST"
        case delete = "DELETE"
    }

    /// Makes a request.
    public init(method: Method = .post, url: String, headers: [HTTPHeader], body: [UInt8]) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// One header field.
public struct HTTPHeader: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its value.
    public var value: String

    /// Makes a header.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension Sequence<HTTPHeader> {
    /// The value of the first header of that name, in whatever case it is spelt.
    package func value(of name: String) -> String? { first { $0.name.lowercased() == name }?.value }
}
