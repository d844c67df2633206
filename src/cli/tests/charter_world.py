# SPDX-License-Identifier: Apache-2.0
"""Four parties of one charter, each with a directory of its own."""
from harness import OK, entente

PARTIES = ("fr", "ru", "msf", "un")


class World:
    """Four directories and one charter file."""

    def __init__(self, folder, officers=1, ports=None):
        self.folder = folder
        folder.mkdir(parents=True)
        self.charter = folder / "charter.toml"
        self.must("charter", "new", "--name", "moscow", "--out", self.charter, "--exercise")
        for number, party in enumerate(PARTIES):
            self.must("init", "--data", self.dir(party), "--party", party, "--name", party.upper(),
                      "--charter", self.charter, "--officers", officers, "--address",
                      f"https://127.0.0.1:{(ports or {}).get(party, 8711 + number)}")
        self.must("charter", "add", self.charter, *(self.card(party) for party in PARTIES))

    def dir(self, party):
        return self.folder / party

    def card(self, party):
        return self.dir(party) / "card.toml"

    def root(self, party):
        return self.dir(party) / "offline" / "root"

    @staticmethod
    def must(*words):
        done = entente(*words)
        if done.code != OK:
            raise AssertionError(str(done))
        return done

    def sign(self, file, *parties):
        for party in parties:
            self.must("charter", "sign", file, "--data", self.dir(party))

    def adopt(self, file, *parties):
        for party in parties:
            self.must("charter", "adopt", file, "--data", self.dir(party))

    def begun(self):
        self.sign(self.charter, *PARTIES)
        self.adopt(self.charter, *PARTIES)
        return self

    def amended(self, name="second.toml", edit=("policy_distance_m = 500",
                                                "policy_distance_m = 700")):
        """A next version, edited by hand and still unsigned."""
        path = self.folder / name
        self.must("charter", "amend", self.charter, "--out", path)
        text = path.read_text()
        assert edit[0] in text, edit
        path.write_text(text.replace(*edit))
        return path
