#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Done when 6, at the command line: bad input of every kind gets an exit status and a message that
says what was wrong, where, and what to do, and leaves the register as it was. (A clock before the
newest statement is tested in the room node, where time is an argument.)"""
import fcntl
import os
import shutil
import sqlite3
import subprocess
import zipfile

from harness import (BAD_INPUT, CONFLICT, Case, ENTENTE, FAILURE, OK, Register, circle, entente,
                     feature, main, write_csv, write_json)

NOBODY = 65534
OPEN_XML = "http://schemas.openxmlformats.org"


def square(*corners):
    return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}


class BadInput(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.register = Register(cls.folder / "reg")
        cls.list = write_csv(cls.folder / "list.csv",
                             [(f"r{i}", f"Place {i}", "clinic", f"{i % 80}.5", f"{i % 170}.25")
                              for i in range(300)])
        cls.register.must("import", cls.list, "--yes")

    def setUp(self):
        self.before = self.register.head(), self.register.files()

    def tearDown(self):
        self.assertEqual((self.register.head(), self.register.files()), self.before,
                         "the register is not as it was")

    def copy(self):
        """The register once more, to be damaged."""
        path = self.folder / "copy"
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(self.register.path, path)
        return Register(path)

    def plan(self, content):
        path = self.folder / "plan.geojson"
        if isinstance(content, (str, bytes)):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            return path
        return write_json(path, content)


class Plans(BadInput):
    def bad(self, content, *says):
        path = self.plan(content)
        self.refused(self.register.run("check", path), BAD_INPUT, "plan.geojson", *says)
        self.refused(self.register.run("protect", "add", path), BAD_INPUT, "plan.geojson")
        # The same as a line of a batch: said by line, and the lines after it are answered.
        text = path.read_bytes().replace(b"\n", b" ")
        batch = self.folder / "batch.geojsonl"
        batch.write_bytes(text + b"\n" + self.GOOD + b"\n")
        done = self.exits(BAD_INPUT, self.register.run("check", "--batch", batch, "--json"))
        first, second = done.out.splitlines()
        self.assertIn('{"line":1,"error":', first)
        self.assertIn('"verdict":', second)

    GOOD = (b'{"type":"Feature","geometry":{"type":"Point","coordinates":[-120,-50]},'
            b'"properties":{"radius_m":10}}')

    def test_truncated_json(self):
        """a plan cut off at any of its bytes"""
        whole = self.GOOD.decode()
        for at in (0, 1, len(whole) // 3, len(whole) - 1):
            self.bad(whole[:at] if at else " ")

    def test_deep_nesting(self):
        """arrays in arrays, 100,000 deep"""
        self.bad("[" * 100_000, "deep")
        self.bad('{"type":"Feature","geometry":' + '{"a":' * 50_000, "deep")

    def test_numbers_that_are_none(self):
        """NaN, infinity, 1e999, a hundred digits, text"""
        for number in ("NaN", "Infinity", "-Infinity", "1e999", "9" * 100, '"12"', "1e", "0x10"):
            self.bad(self.GOOD.decode().replace("-120", number))
            self.bad(self.GOOD.decode().replace("10}", number + "}"))

    def test_latitude_91_and_other_places_that_are_not(self):
        """latitude 91, longitude 541, one coordinate, none"""
        for at in ([0, 91], [0, -90.0000001], [541, 0], [1], [], "here", None):
            self.bad(circle(0, 0, 5) | {"geometry": {"type": "Point", "coordinates": at}})
        self.bad(circle(0, 91, 5), "latitude", "91")

    def test_polygons_that_enclose_nothing_or_cross_themselves(self):
        """self-crossing, empty, two points, not closed, hole outside"""
        self.bad(feature(square([0, 0], [2, 2], [1, 0], [0, 1])), "cross")
        for ring in ([], [[0, 0], [1, 1], [0, 0]], [[0, 0]] * 4, [[0, 0], [1, 0], [1, 1]]):
            self.bad(feature({"type": "Polygon", "coordinates": [ring]}))
        self.bad(feature({"type": "Polygon", "coordinates": []}))
        hole = square([0, 0], [1, 0], [1, 1], [0, 1])
        hole["coordinates"].append([[5, 5], [6, 5], [6, 6], [5, 5]])
        self.bad(feature(hole), "hole")

    def test_windows_and_bands_that_are_reversed(self):
        """an end before its start, an upper below its lower, a time without its offset"""
        self.bad(circle(0, 0, 5, time_start="2027-01-02T00:00:00Z",
                        time_end="2027-01-01T00:00:00Z"),
                 "the end must be later")
        self.bad(circle(0, 0, 5, altitude_lower=200, altitude_upper=100, altitude_reference="AGL"),
                 "upper")
        self.bad(circle(0, 0, 5, time_start="2027-01-02 00:00"), "time_start")
        self.bad(circle(0, 0, 5, altitude_lower=5, altitude_reference="MSL"), "altitude_reference")
        self.bad(circle(0, 0, 5, altitude_lower=5), "altitude_reference")

    def test_misspelt_and_unknown_fields(self):
        """a field that is nearly one of ours is refused; another is named and not used"""
        self.bad(circle(0, 0, 5, altitude_uper=5), "altitude_uper")
        self.bad(feature({"type": "Point", "coordinates": [0, 0]}, radius=5), "radius")
        done = self.register.run("check", self.plan(circle(-120, -50, 5, colour="red")))
        self.exits(OK, done)
        self.assertIn("colour", done.err)
        done = self.register.run("check", self.plan(circle(0, 0, 5, buffer_m=5)))
        self.refused(done, BAD_INPUT, "buffer_m", "margin")

    def test_radii_that_are_too_large_or_negative(self):
        """radius -1, radius 10,000 km, no radius"""
        self.bad(circle(0, 0, -1), "radius_m")
        self.bad(circle(0, 0, 10_000_000), "radius")

    def test_things_that_are_no_plan(self):
        """a directory, a missing file, a sparse file of 1 GB, an image, an empty collection"""
        self.refused(self.register.run("check", self.folder), BAD_INPUT, str(self.folder))
        self.refused(self.register.run("check", self.folder / "none"), BAD_INPUT, "none")
        sparse = self.folder / "sparse.geojson"
        with sparse.open("wb") as out:
            out.truncate(1 << 30)
        self.refused(self.register.run("check", sparse), BAD_INPUT, "bytes", "sparse.geojson")
        done = self.register.run("check", "--batch", sparse, "--json")
        self.exits(BAD_INPUT, done)
        self.assertIn("plan_bytes_max", done.out)
        sparse.unlink()
        self.bad(b"\x89PNG\r\x1a\x00\xff")
        self.bad({"type": "FeatureCollection", "features": []})
        self.bad({"type": "Point", "coordinates": [0, 0]}, "feature")


class Lists(BadInput):
    def bad_file(self, name, content, *says):
        path = self.folder / name
        path.write_bytes(content)
        done = self.refused(self.register.run("import", path, "--yes", "--class", "clinic"),
                            BAD_INPUT, name, *says)
        path.unlink()
        return done

    def row(self, *cells, words=(), columns=None):
        """The reason why the one row of a list is refused."""
        path = write_csv(self.folder / "one.csv", [cells],
                         columns or ("ref", "name", "class", "lat", "lon"))
        done = self.exits(OK, self.register.run("import", path, "--yes", "--json", *words))
        (refusal,) = done.json["refusals"]
        self.assertEqual(refusal["row"], 1)
        return refusal["reason"]

    def test_rows_that_are_no_place(self):
        """latitude 91, NaN, huge, empty, degrees and minutes: refused by row with the reason"""
        for lat, lon in (("91", "0"), ("0", "181"), ("nan", "0"), ("1e300", "0"), ("inf", "0"),
                         ("", "5"), ("15°30'N", "32 E"), ("9" * 400, "0"), ("x", "y")):
            self.assertRegex(self.row("r", "Place", "clinic", lat, lon), "(?i)lat|lon|coordinate")

    def test_unknown_classes_and_columns(self):
        """a class nobody knows, a column that is not there, a field that is not one"""
        self.assertIn("castle", self.row("r", "Place", "castle", "1", "2"))
        for words, says in ((("--class", "castle"), "castle"), (("--map", "lat=Breite"), "Breite"),
                            (("--map", "height=lat"), "height"), (("--map", "lat"), "lat"),
                            (("--class-of", "x=castle"), "castle")):
            self.refused(self.register.run("import", self.list, "--yes", *words), BAD_INPUT, says)

    def test_windows_that_are_reversed(self):
        """time_end before time_start, altitudes without what they are measured from"""
        columns = ("ref", "class", "lat", "lon", "time_start", "time_end")
        reason = self.row("r", "clinic", "1", "2", "2027-01-02T00:00:00Z", "2027-01-01T00:00:00Z",
                          columns=columns)
        self.assertIn("the end must be later", reason)
        columns = ("ref", "class", "lat", "lon", "altitude_lower")
        self.assertIn("altitude_reference", self.row("r", "clinic", "1", "2", "5", columns=columns))

    def test_polygons_in_lists(self):
        """self-crossing and empty polygons of a GeoJSON list: refused by row"""
        path = write_json(self.folder / "areas.geojson", {"type": "FeatureCollection", "features": [
            feature(square([0, 0], [1, 1], [1, 0], [0, 1]), ref="a", name="Bow tie"),
            feature({"type": "Polygon", "coordinates": []}, ref="b", name="Nothing"),
            feature(None, ref="c", name="Nowhere")]})
        done = self.register.must("import", path, "--class", "camp", "--yes", "--json")
        self.assertEqual([one["row"] for one in done.json["refusals"]], [1, 2, 3])

    def test_files_that_are_not_what_they_say(self):
        """truncated JSON, deep nesting, no rows, binary noise, unknown endings, links"""
        self.bad_file("cut.geojson", b'{"type":"FeatureCollection","features":[{"type":"Fea')
        self.bad_file("deep.geojson", b"[" * 100_000)
        self.bad_file("noise.xlsx", os.urandom(1000))
        self.bad_file("noise.gpkg", b"SQLite format 3\0" + bytes(1000))
        self.bad_file("list.exe", b"MZ", "csv")
        self.bad_file("empty.csv", b"")
        self.refused(self.register.run("import", self.folder / "none.csv"), BAD_INPUT, "none.csv")
        link = self.folder / "link.csv"
        link.symlink_to("/etc/passwd")
        self.refused(self.register.run("import", link, "--yes"), BAD_INPUT, "link.csv")
        fifo = self.folder / "fifo.csv"
        os.mkfifo(fifo)
        self.refused(self.register.run("import", fifo, "--yes"), BAD_INPUT, "fifo.csv")

    def test_a_sparse_file_of_one_gigabyte(self):
        """refused by its size before anything reads it"""
        path = self.folder / "sparse.csv"
        with path.open("wb") as out:
            out.truncate(1 << 30)
        self.refused(self.register.run("import", path, "--yes"), BAD_INPUT, "sparse.csv", "bytes")
        path.unlink()

    def test_a_zip_bomb(self):
        """an XLSX of 2 GB packed into 2 MB: stopped by a limit, by name"""
        path = self.folder / "bomb.xlsx"
        sheet = f'<worksheet xmlns="{OPEN_XML}/spreadsheetml/2006/main"><sheetData>'.encode()
        row = b'<row><c t="inlineStr"><is><t>' + b"A" * 1_000_000 + b"</t></is></c></row>"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
            out.writestr("[Content_Types].xml",
                         f'<Types xmlns="{OPEN_XML}/package/2006/content-types">'
                         '<Override PartName="/xl/workbook.xml" ContentType="application/'
                         'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
                         '</Types>')
            out.writestr("xl/workbook.xml",
                         f'<workbook xmlns="{OPEN_XML}/spreadsheetml/2006/main" '
                         f'xmlns:r="{OPEN_XML}/officeDocument/2006/relationships">'
                         '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>')
            out.writestr("xl/_rels/workbook.xml.rels",
                         f'<Relationships xmlns="{OPEN_XML}/package/2006/relationships">'
                         '<Relationship Id="rId1" Target="worksheets/sheet1.xml" '
                         f'Type="{OPEN_XML}/officeDocument/2006/relationships/worksheet"/>'
                         '</Relationships>')
            with out.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
                part.write(sheet)
                for _ in range(2_000):
                    part.write(row)
                part.write(b"</sheetData></worksheet>")
        self.refused(self.register.run("import", path, "--yes"), BAD_INPUT, "bomb.xlsx")
        path.unlink()

    def test_nobody_confirms(self):
        """without --yes and without a terminal nothing is imported"""
        path = write_csv(self.folder / "new.csv", [("n", "New", "clinic", "1", "2")])
        self.refused(self.register.run("import", path), BAD_INPUT, "--yes")


class World(BadInput):
    def new_list(self, rows=20_000):
        return write_csv(self.folder / "new.csv",
                         [(f"n{i}", f"New {i}", "clinic", f"{i % 80}.1", f"{i % 170}.7")
                          for i in range(rows)])

    def test_wrong_data(self):
        """--data that is missing, a file, or no register"""
        plan = self.plan(circle(0, 0, 5))
        empty = self.folder / "empty"
        empty.mkdir(exist_ok=True)
        for data in (self.folder / "none", self.list, empty):
            for words in (("check", plan), ("list",), ("import", self.list), ("log", "verify"),
                          ("protect", "withdraw", "mzxw6ytbmzxw6ytb")):
                verbs = 2 if words[0] in ("log", "protect") else 1
                done = entente(*words[:verbs], "--data", data, *words[verbs:])
                self.refused(done, BAD_INPUT, str(data), "entente init")
        self.assertEqual(list(empty.iterdir()), [])

    def test_init_over_something(self):
        """init never writes over a register, a file or a full directory"""
        for data in (self.register.path, self.list, self.folder):
            self.refused(entente("init", "--data", data, "--party", "x", "--name", "X"), BAD_INPUT,
                         str(data))
        for party in ("", "No", "a/b", "x" * 100):
            self.refused(entente("init", "--data", self.folder / "new", "--party", party, "--name",
                                 "X"), BAD_INPUT, "party")
        self.assertFalse((self.folder / "new").exists())

    def test_init_where_nothing_may_be_made(self):
        """init below a directory that is missing or may not be written"""
        self.refused(entente("init", "--data", self.folder / "no/such/dir", "--party", "x",
                             "--name", "X"), FAILURE, "no/such")

    def test_a_second_writer(self):
        """while one writes, another is told so at once, and by which process"""
        with (self.register.path / "lock").open("r+b") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            lock.write(b"4321\n")
            lock.flush()
            for words in (("import", self.list, "--yes"), ("doctor",),
                          ("protect", "withdraw", "mzxw6ytbmzxw6ytb")):
                done = self.exits(FAILURE, self.register.run(*words))
                self.assertIn("in use by process 4321; wait", done.out + done.err)
            lock.truncate(0)

    def test_two_imports_at_once(self):
        """two writers of the program itself: one works, the other is refused or comes after it"""
        copy = self.copy()
        lists = [write_csv(self.folder / f"w{k}.csv",
                           [(f"w{k}-{i}", "W", "clinic", f"{i % 80}.{k}", "5")
                            for i in range(6000)])
                 for k in range(2)]
        running = [subprocess.Popen([ENTENTE, "import", "--data", copy.path, path, "--yes"],
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                   for path in lists]
        ends = [(process.communicate(), process.returncode) for process in running]
        self.assertIn(OK, [code for _, code in ends])
        done = sum(6000 for _, code in ends if code == OK)
        for (_, err), code in ends:
            self.assertIn(code, (OK, FAILURE), err)
            if code == FAILURE:
                # By which: that it writes once it holds the lock, a moment later.
                self.assertIn("in use by", err)
        self.assertEqual(copy.head()[0], self.before[0][0] + done)

    def test_keys_that_are_missing_or_open_to_others(self):
        """the vault key or the signer's is missing, damaged, of another role, or readable by all"""
        plan = self.plan(circle(0, 0, 5))
        for name in ("keys/vault", "signer/key"):
            copy = self.copy()
            path = copy.path / name
            whole = path.read_bytes()
            path.chmod(0o644)
            self.refused(copy.run("check", plan), FAILURE,
                         name, "chmod 600")
            path.chmod(0o600)
            path.write_bytes(whole[:-5])
            self.refused(copy.run("check", plan), FAILURE, name)
            shutil.copy(copy.path / "keys/officer", path)
            self.refused(copy.run("check", plan), FAILURE, name)
        copy = self.copy()
        (copy.path / "keys/vault").unlink()
        self.refused(copy.run("check", plan), FAILURE, "keys/vault", "put it back")
        copy = self.copy()
        os.remove(copy.path / "keys/officer")
        record = copy.must("list", "--format", "csv").out.splitlines()[1].split(",")[0]
        self.refused(copy.run("protect", "withdraw", record), FAILURE, "keys/officer",
                     "put it back")
        self.assertEqual(copy.head(), self.before[0])

    def test_a_signer_that_is_missing_halts_signing_not_checks(self):
        """without signer/ nothing is said, and checks go on"""
        copy = self.copy()
        shutil.rmtree(copy.path / "signer")
        self.refused(copy.run("import", self.new_list(5), "--yes"), FAILURE, "sign")

    def test_a_signer_from_another_time_halts_signing_not_checks(self):
        """signer/ put back from before an import: nothing is signed, checks go on"""
        copy = self.copy()
        old = self.folder / "old-signer"
        shutil.rmtree(old, ignore_errors=True)
        shutil.copytree(copy.path / "signer", old)
        copy.must("import", self.new_list(5), "--yes")
        head = copy.head()
        shutil.rmtree(copy.path / "signer")
        shutil.copytree(old, copy.path / "signer")
        path = write_csv(self.folder / "more.csv", [("m", "More", "clinic", "1", "2")])
        self.refused(copy.run("import", path, "--yes"), FAILURE, "sign")
        self.exits(CONFLICT, copy.run("check", self.plan(circle(0.7, 0.1, 50))))
        self.exits(FAILURE, copy.run("doctor"))
        self.assertEqual(copy.head(), head)

    def test_a_store_from_another_time_halts_signing_not_checks(self):
        """entente.db put back from a backup: nothing is signed, checks go on"""
        copy = self.copy()
        shutil.copy(copy.path / "entente.db", self.folder / "backup.db")
        copy.must("import", self.new_list(5), "--yes")
        shutil.copy(self.folder / "backup.db", copy.path / "entente.db")
        path = write_csv(self.folder / "more.csv", [("m", "More", "clinic", "1", "2")])
        self.refused(copy.run("import", path, "--yes"), FAILURE, "sign")
        self.exits(OK, copy.run("check", self.plan(circle(-120, -50, 5))))
        self.assertEqual(copy.head(), self.before[0])

    def test_a_charter_with_one_byte_changed(self):
        """the charter is adopted by its hash: any other byte is found and named"""
        copy = self.copy()
        path = copy.path / "charter.toml"
        whole = path.read_bytes()
        at = whole.index(b"Test party")
        path.write_bytes(whole[:at] + b"R" + whole[at + 1:])
        for words in (("check", self.plan(circle(0, 0, 5))), ("import", self.list, "--yes")):
            done = copy.run(*words)
            self.refused(done, FAILURE, "charter.toml")

    def test_a_database_that_is_not_ours_or_cut_off(self):
        """truncated, empty, foreign SQLite, no SQLite, a directory, missing"""
        foreign = self.folder / "foreign.db"
        foreign.unlink(missing_ok=True)
        with sqlite3.connect(foreign) as db:
            db.execute("CREATE TABLE other (a)")
        db.close()
        whole = (self.register.path / "entente.db").read_bytes()
        for content in (whole[:5000], whole[:len(whole) // 2], b"", foreign.read_bytes(),
                        b"no database at all " * 100, None):
            copy = self.copy()
            path = copy.path / "entente.db"
            path.unlink()
            if content is not None:
                path.write_bytes(content)
            for words in (("check", self.plan(circle(0, 0, 5))), ("log", "verify"),
                          ("import", self.list, "--yes")):
                done = copy.run(*words)
                self.refused(done, FAILURE, "entente.db")
            if content is None:
                self.assertFalse(path.exists(), "a new database took the missing one's place")
            else:
                self.assertEqual(path.read_bytes(), content, "a damaged database was written to")

    def test_a_full_disk(self):
        """a small tmpfs fills during an import: said so, nothing lost, and it goes on with room"""
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(disk)],
                                 capture_output=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("test_a_full_disk: mounting a tmpfs is not allowed here")
        try:
            register = Register(disk / "reg")
            register.must("import", self.list, "--yes")
            head = register.head()
            big = self.new_list()
            done = self.refused(register.run("import", big, "--yes"), FAILURE, "full")
            durable = [int(line.split()[-1]) for line in done.out.splitlines()
                       if line.startswith("durable")]
            at = register.head()
            self.assertEqual(at[0], max([head[0], *durable]))
            self.exits(CONFLICT, register.run("check", self.plan(circle(0.25, 0.5, 50))))
            subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)
            register.must("import", big, "--yes")
            self.assertEqual(register.head()[0], head[0] + 20_000)
        finally:
            subprocess.run(["umount", str(disk)], check=True)

    def test_a_directory_that_may_only_be_read(self):
        """as a user other than root: reading works, writing says what is missing"""
        copy = self.copy()
        self.folder.chmod(0o755)
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        try:
            program = shutil.copy(ENTENTE, self.folder / "entente")
            if user:
                subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", str(copy.path)], check=True)
            subprocess.run(["chmod", "-R", "a-w", str(copy.path)], check=True)

            def run(*words):
                return subprocess.run([str(program), *map(str, words)], capture_output=True,
                                      text=True, check=False, stdin=subprocess.DEVNULL, **user)
            plan = self.plan(circle(-120, -50, 5))
            done = run("check", "--data", copy.path, plan)
            self.assertEqual(done.returncode, OK, done.stderr)
            done = run("import", "--data", copy.path, self.new_list(5), "--yes")
            self.assertEqual(done.returncode, FAILURE, done.stderr)
            self.assertRegex(done.stderr, "(?i)read-only|permission|may not")
            # A stranger cannot even read it.
            if user:
                user.update(user=NOBODY - 1, group=NOBODY - 1)
                done = run("check", "--data", copy.path, plan)
                self.assertEqual(done.returncode, FAILURE)
                self.assertRegex(done.stderr, "(?i)permission")
        finally:
            subprocess.run(["chmod", "-R", "u+w", str(copy.path)], check=True)


if __name__ == "__main__":
    main()
