"""The release of four sheets that tests of ``app`` have."""

from tests.app.conftest import assistant as assistant
from tests.app.conftest import built as built
from tests.app.conftest import opened as opened
from tests.app.conftest import real_store as real_store
from tests.app.conftest import release as release
from tests.app.conftest import run as run
from tests.app.conftest import store as store
