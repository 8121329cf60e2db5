"""Messages that ask a registry for something, written by hand."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

BASE = "http://www.sdmx.org/resources/sdmxml/schemas"
AGREEMENT = "urn:sdmx:org.sdmx.infomodel.registry.ProvisionAgreement=TEST:PA(1.0.0-draft)"
SIMPLE = "<reg:SimpleDataSource>https://example.org/data.xml</reg:SimpleDataSource>"
QUERYABLE = (
    '<reg:QueryableDataSource isRESTDatasource="true" isWebServiceDatasource="false">'
    "<com:DataURL>https://example.org/sdmx/v2?a=1&amp;b=2</com:DataURL>"
    "<com:WADLURL>https://example.org/sdmx.wadl</com:WADLURL></reg:QueryableDataSource>"
)
HEADER = (
    "<mes:Header><mes:ID>R1</mes:ID><mes:Test>false</mes:Test>"
    "<mes:Prepared>2026-01-01T00:00:00Z</mes:Prepared>"
    '<mes:Sender id="SCB"/><mes:Receiver id="SWE"/></mes:Header>'
)


def request(
    action: str = "Append",
    source: str = SIMPLE,
    agreement: str = AGREEMENT,
    **attributes: str,
) -> str:
    """One request for a registration."""
    about = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return (
        f'<reg:RegistrationRequest action="{action}"><reg:Registration{about}>'
        f"<reg:ProvisionAgreement>{agreement}</reg:ProvisionAgreement>"
        f"<reg:Datasource>{source}</reg:Datasource>"
        "</reg:Registration></reg:RegistrationRequest>"
    )


def message(
    *requests: str,
    version: str = "v3_1",
    root: str = "RegistryInterface",
    kind: str = "SubmitRegistrationsRequest",
) -> bytes:
    """A registry message with requests."""
    spaces = "".join(
        f' xmlns:{prefix}="{BASE}/{version}/{name}"'
        for prefix, name in (("mes", "message"), ("reg", "registry"), ("com", "common"))
    )
    return (
        f"<mes:{root}{spaces}>{HEADER}<mes:{kind}>{''.join(requests)}</mes:{kind}></mes:{root}>"
    ).encode()
