// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema

extension ToolResult {
    /// What a call of a server's tool came to: its texts one below the other, and a line for whatever is no text.
    ///
    /// - Parameters:
    ///   - answer: The result of `tools/call`.
    ///   - tool: The tool, whose schema a structured result has to fit.
    ///   - limit: The most bytes to keep.
    init(_ answer: JSONValue, of tool: MCPTool, limit: Int) {
        var texts: [String] = []
        for item in answer["content"]?.array ?? [] { texts.append(Self.text(of: item)) }
        var status = answer["isError"]?.bool == true ? 1 : 0
        if let structured = answer["structuredContent"], structured != .null {
            let isSaid = texts.contains { (try? JSONValue(parsing: $0)) == structured }
            if !isSaid { texts.append(structured.prettyText) }
            let faults = tool.output.map { JSONSchema($0).validate(structured) } ?? []
            if let fault = faults.first {
                status = 1
                texts.append("[the structured result does not fit the schema that the tool declares: \(fault)]")
            }
        } else if tool.output != nil, status == 0 {
            status = 1
            texts.append("[the tool declares a structured result and gave none]")
        }
        let output = texts.joined(separator: "\n")
        let bytes = Array(output.utf8)
        let kept = bytes.count > limit ? String(decoding: bytes.prefix(limit), as: UTF8.self) : output
        self.init(status: status, output: Capture.repaired(Array(kept.utf8)), isTruncated: bytes.count > limit)
    }

    private static func text(of item: JSONValue) -> String {
        func size(_ data: JSONValue?) -> String { "\(data?.string?.utf8.count ?? 0) characters of base64" }
        let type = (item["mimeType"]?.string ?? "").escaped(limit: 80)
        switch item["type"]?.string {
        case "text": return item["text"]?.string ?? ""
        case "image", "audio":
            return "[\(item["type"]?.string ?? ""), \(type), \(size(item["data"])), not shown]"
        case "resource_link": return "[link: \((item["uri"]?.string ?? "").escaped(limit: 2000))]"
        case "resource":
            let resource = item["resource"]
            if let text = resource?["text"]?.string { return text }
            return
                "[resource \((resource?["uri"]?.string ?? "").escaped(limit: 2000)), \(size(resource?["blob"])), not shown]"
        case let other: return "[content of the unknown type “\((other ?? "").escaped(limit: 80))”]"
        }
    }
}
