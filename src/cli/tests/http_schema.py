# SPDX-License-Identifier: Apache-2.0
"""Whether a value is as a schema of OpenAPI 3.0.3 says. It knows the keywords that openapi.json
uses and no others: an unknown one is an error, so that none is overlooked."""
import re
from datetime import datetime

SILENT = {"description", "default", "example", "format", "nullable"}
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool}


class Schemas:
    def __init__(self, description):
        self.description = description

    def resolved(self, schema):
        while "$ref" in schema:
            if len(schema) != 1:
                raise ValueError(f"$ref stands with others: {schema}")
            place = self.description
            for step in schema["$ref"].removeprefix("#/").split("/"):
                place = place[step]
            schema = place
        return schema

    def faults(self, value, schema, path="$"):
        """What does not hold, each with its path; empty: the value is as the schema says."""
        schema = self.resolved(schema)
        if value is None and schema.get("nullable"):
            return []
        out = []
        for keyword, wanted in schema.items():
            if keyword in SILENT:
                continue
            rule = getattr(self, "check_" + keyword.replace("$", ""), None)
            if rule is None:
                raise ValueError(f"unknown keyword {keyword} at {path}")
            out += rule(value, wanted, schema, path)
        if schema.get("format") == "date-time" and isinstance(value, str):
            out += self.check_time(value, path)
        return out

    @staticmethod
    def check_time(value, path):
        try:
            if datetime.fromisoformat(value).tzinfo is not None:
                return []
        except ValueError:
            pass
        return [f"{path}: {value!r} is no date-time"]

    @staticmethod
    def check_type(value, wanted, _, path):
        if wanted in ("number", "integer"):
            kinds = (int,) if wanted == "integer" else (int, float)
            good = isinstance(value, kinds) and not isinstance(value, bool)
        else:
            good = isinstance(value, TYPES[wanted])
        return [] if good else [f"{path}: {str(value)[:60]!r} is no {wanted}"]

    @staticmethod
    def check_enum(value, wanted, _, path):
        return [] if value in wanted else [f"{path}: {value!r} is not one of {wanted}"]

    @staticmethod
    def check_pattern(value, wanted, _, path):
        good = not isinstance(value, str) or re.search(wanted, value)
        return [] if good else [f"{path}: {value!r} does not match {wanted}"]

    @staticmethod
    def compared(value, wanted, path, kinds, holds):
        good = not isinstance(value, kinds) or isinstance(value, bool) or holds(value, wanted)
        return [] if good else [f"{path}: {str(value)[:60]} against {wanted}"]

    def check_minimum(self, value, wanted, _, path):
        return self.compared(value, wanted, path, (int, float), lambda v, w: v >= w)

    def check_maximum(self, value, wanted, _, path):
        return self.compared(value, wanted, path, (int, float), lambda v, w: v <= w)

    def check_minLength(self, value, wanted, _, path):
        return self.compared(value, wanted, path, str, lambda v, w: len(v) >= w)

    def check_maxLength(self, value, wanted, _, path):
        return self.compared(value, wanted, path, str, lambda v, w: len(v) <= w)

    def check_minItems(self, value, wanted, _, path):
        return self.compared(value, wanted, path, list, lambda v, w: len(v) >= w)

    def check_maxItems(self, value, wanted, _, path):
        return self.compared(value, wanted, path, list, lambda v, w: len(v) <= w)

    @staticmethod
    def check_uniqueItems(value, wanted, _, path):
        if not wanted or not isinstance(value, list):
            return []
        return [f"{path}: {one!r} stands twice" for i, one in enumerate(value) if one in value[:i]]

    def check_items(self, value, wanted, _, path):
        if not isinstance(value, list):
            return []
        return [fault for i, one in enumerate(value)
                for fault in self.faults(one, wanted, f"{path}[{i}]")]

    @staticmethod
    def check_required(value, wanted, _, path):
        if not isinstance(value, dict):
            return []
        return [f"{path}: {name} is missing" for name in wanted if name not in value]

    def check_properties(self, value, wanted, _, path):
        if not isinstance(value, dict):
            return []
        return [fault for name, schema in wanted.items() if name in value
                for fault in self.faults(value[name], schema, f"{path}.{name}")]

    def check_additionalProperties(self, value, wanted, schema, path):
        if not isinstance(value, dict) or wanted is True:
            return []
        more = [name for name in value if name not in schema.get("properties", {})]
        if wanted is False:
            return [f"{path}: {name} is not described" for name in more]
        return [fault for name in more
                for fault in self.faults(value[name], wanted, f"{path}.{name}")]

    def check_allOf(self, value, wanted, _, path):
        return [fault for schema in wanted for fault in self.faults(value, schema, path)]

    def check_anyOf(self, value, wanted, _, path):
        tried = [self.faults(value, schema, path) for schema in wanted]
        if any(not faults for faults in tried):
            return []
        return [f"{path}: fits none of {len(wanted)} forms; nearest: {min(tried, key=len)[:3]}"]

    def check_oneOf(self, value, wanted, _, path):
        tried = [self.faults(value, schema, path) for schema in wanted]
        fitting = sum(not faults for faults in tried)
        if fitting == 1:
            return []
        nearest = min(tried, key=len)
        return [f"{path}: fits {fitting} of {len(wanted)} forms; nearest: {nearest[:3]}"]
