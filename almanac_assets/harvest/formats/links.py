"""Addresses in one form: what makes two links the same link, and which links name a paper, code or data.

A post's identity hangs on its link, so the form is fixed: http and https are the same, host names are in lower case,
a last slash and the `utm_` arguments of campaigns do not count. The fragment does count: the entries of a changelog
share one page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from almanac_assets.harvest.formats.values import clean_text, read_doi, read_identity

LONGEST = 2_000  # characters of an address; longer ones hold data, not a place
KEY_DIGITS = 16
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_HOST = re.compile(r"[^\s/?#@\\]+")
_ACL_ID = re.compile(r"/((?:[A-Z]\d{2}-\d{4,5})|(?:\d{4}\.[a-z0-9_-]+\.\d+))(?:v\d+)?(?:\.pdf)?/?", re.IGNORECASE)
_FORUM = re.compile(r"(?:^|&)id=([A-Za-z0-9_-]{6,20})(?:&|$)")
_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_REPOSITORY = re.compile(rf"/({_NAME})/({_NAME})(?:/.*)?")
_DATASET = re.compile(rf"/(datasets|spaces)/({_NAME})/({_NAME})(?:/.*)?")
# First segments of a path on these hosts that are pages of the host itself and no owner of a repository.
_PAGES_OF_GITHUB = frozenset((
    "about", "apps", "collections", "contact", "customer-stories", "enterprise", "events", "explore", "features",
    "login", "marketplace", "new", "notifications", "orgs", "pricing", "readme", "search", "security", "settings",
    "site", "solutions", "sponsors", "stars", "topics", "trending", "users",
))  # fmt: skip
_PAGES_OF_HUGGING_FACE = frozenset((
    "api", "blog", "chat", "collections", "docs", "inference", "join", "learn", "login", "models", "new",
    "organizations", "papers", "posts", "pricing", "settings", "tasks", "terms-of-service",
))  # fmt: skip
_NOT_AN_OWNER = {"github.com": _PAGES_OF_GITHUB, "huggingface.co": _PAGES_OF_HUGGING_FACE}
_SUFFIX = re.compile(r"\.git$|[.]+$")


def web_link(link: str | None, base: str | None = None) -> str | None:
    """The address as it can be published: absolute, http(s), host in lower case, without `utm_` arguments; else None.

    A relative link is read from `base`. An address that holds a user name, or none at all, is no link.
    """
    split = _split(link, base)
    return urlunsplit(split) if split else None


def normal_link(link: str) -> str:
    """What identifies a link that web_link gave: always https, and no slash at the end of the path."""
    split = urlsplit(link)
    return urlunsplit(split._replace(scheme="https", path=split.path.rstrip("/")))


def link_key(text: str) -> str:
    """16 hex digits of the sha256 of a normal link (or of what stands in for one)."""
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_DIGITS]


def work_links(addresses: Iterable[str], base: str | None = None) -> tuple[str, ...]:
    """Those of the addresses that name a paper, code or data, each once in the form its host gives it, in order."""
    found = (_work_link(address, base) for address in addresses)
    return tuple(dict.fromkeys(link for link in found if link))


def paper_links(link: str) -> tuple[str, ...]:
    """The paper whose page a link is, if it is one; a page in a repository is not the repository."""
    return tuple(found for found in work_links([link]) if urlsplit(found).netloc not in _NOT_AN_OWNER)


def path_segments(link: str) -> list[str]:
    """The parts of the path in lower case, without empty ones."""
    return [segment for segment in urlsplit(link).path.lower().split("/") if segment]


def _split(link: str | None, base: str | None) -> SplitResult | None:
    written = clean_text(link)
    if written is None or len(written) > LONGEST:
        return None
    try:
        joined = urljoin(base or "", written.replace(" ", "%20"))
        split = urlsplit(joined)
    except ValueError:  # brackets that are no IPv6 address
        return None
    scheme, host = split.scheme.lower(), split.netloc.lower()
    host = host.removesuffix(_DEFAULT_PORTS.get(scheme, "\n"))
    if scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host):
        return None
    query = "&".join(part for part in split.query.split("&") if not part.lower().startswith("utm_"))
    return split._replace(scheme=scheme, netloc=host, query=query)


def _work_link(address: str, base: str | None) -> str | None:
    split = _split(address, base)
    if split is None:
        return None
    host = split.netloc.removeprefix("www.")
    if host in ("arxiv.org", "export.arxiv.org"):
        return _arxiv_link(split.path)
    if host in ("doi.org", "dx.doi.org"):
        return _doi_link(split.path)
    if host == "aclanthology.org" or (host == "aclweb.org" and split.path.startswith("/anthology/")):
        acl = _ACL_ID.fullmatch(split.path.removeprefix("/anthology"))
        return f"https://aclanthology.org/{acl[1]}" if acl else None
    if host == "openreview.net":
        forum = _FORUM.search(split.query)
        return f"https://openreview.net/forum?id={forum[1]}" if forum else None
    return _repository_link(host, split.path)


def _arxiv_link(path: str) -> str | None:
    """The abstract page of the paper, version left out, from any page of it."""
    kind, _, rest = path.removeprefix("/").partition("/")
    identity = read_identity(rest.removesuffix(".pdf").rstrip("/"))
    return f"https://arxiv.org/abs/{identity.arxiv_id}" if identity and kind in ("abs", "pdf", "html") else None


def _doi_link(path: str) -> str | None:
    """The resolver's address of a DOI; a DOI that arXiv gave leads to the abstract page."""
    doi = read_doi(path)
    identity = read_identity(doi)
    if identity:
        return f"https://arxiv.org/abs/{identity.arxiv_id}"
    return f"https://doi.org/{doi}" if doi else None


def _repository_link(host: str, path: str) -> str | None:
    """Owner and name on GitHub or Hugging Face, whatever stands behind them; a page of a paper there is the paper."""
    if host not in _NOT_AN_OWNER:
        return None
    if host == "huggingface.co":
        if path.startswith("/papers/"):
            return _arxiv_link(path.replace("/papers/", "/abs/", 1))
        if found := _DATASET.fullmatch(path):
            return f"https://{host}/{found[1]}/{found[2]}/{found[3]}"
    found = _REPOSITORY.fullmatch(path)
    if found is None or found[1].lower() in _NOT_AN_OWNER[host]:
        return None
    return f"https://{host}/{found[1]}/{_SUFFIX.sub('', found[2])}"
