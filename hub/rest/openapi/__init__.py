"""The OpenAPI document of a node, made from the tables that its service goes by.

`resources` lists what is read, with what may stand in its paths (`places`); `reading` and
`changing` make operations of it, `pages` those beside the standard, `responses`, `bodies` and
`components` what they share; `document` puts it together.
"""

from hub.rest.openapi.document import PATH, answer_openapi, document

__all__ = ["PATH", "answer_openapi", "document"]
