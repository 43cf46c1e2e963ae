// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import HTTPTypes
import Hummingbird

/// The routes of the console, each with what it takes to be answered.
///
/// Whatever is sent is a form of the session in which it was shown, or, below `/api`, JSON of a program that shows its token: no
/// route can forget to look.
struct Routes {
    let router = Router(context: ConsoleContext.self)
    /// What was said of each.
    private(set) var rules: [RouteRule] = []

    typealias Answer = @Sendable (Request, ConsoleContext) async throws -> Response

    /// Adds one that answers everybody.
    mutating func open(_ method: HTTPRequest.Method, _ path: String, _ answer: @escaping Answer) {
        add(method, path, nil, answer)
    }

    /// Adds one that is read: by people, and below `/api` by programs too.
    mutating func get(_ path: String, _ permission: Permission, _ answer: @escaping Answer) {
        add(.get, path, permission) { request, context in
            try context.require(permission, onPage: !request.isForPrograms)
            return try await answer(request, context)
        }
    }

    /// Adds one that takes a form.
    mutating func form(
        _ path: String,
        _ permission: Permission,
        _ answer: @escaping @Sendable (Form, ConsoleContext) async throws -> Response
    ) {
        add(.post, path, permission) { request, context in
            try context.require(permission, onPage: true)
            let form = try await Form(request)
            let context = try context.renewed(permission, onPage: true)
            try form.require(context.browser().session)
            return try await answer(form, context)
        }
    }

    /// Adds one that takes JSON of a program.
    mutating func post(
        _ path: String,
        _ permission: Permission,
        _ answer: @escaping @Sendable (JSONBody, ConsoleContext) async throws -> Response
    ) {
        add(.post, path, permission) { request, context in
            try context.require(permission, onPage: false)
            guard context.access?.browser == nil else {
                throw Fault(.forbidden, "This takes a program's token; people use the forms of the pages.")
            }
            let body = try await JSONBody(request)
            return try await answer(body, context.renewed(permission, onPage: false))
        }
    }

    private mutating func add(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ permission: Permission?,
        _ answer: @escaping Answer
    ) {
        rules.append(RouteRule(method: method.rawValue, path: path, permission: permission))
        router.on(RouterPath(path), method: method, use: answer)
    }
}

/// A route, and what it takes to be answered.
struct RouteRule: Sendable, Hashable {
    let method: String
    let path: String
    /// `nil` for one that answers everybody.
    let permission: Permission?
}

extension [RouteRule] {
    /// What can be done under a path.
    func methods(at path: String) -> [String] {
        let parts = path.split(separator: "/")
        return filter { rule in
            let wanted = rule.path.split(separator: "/")
            return wanted.count == parts.count && zip(wanted, parts).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
        }
        .map(\.method).sorted()
    }
}

extension Request {
    /// Whether it is for what programs read.
    var isForPrograms: Bool { uri.path.hasPrefix("/api/") }
}
#endif
