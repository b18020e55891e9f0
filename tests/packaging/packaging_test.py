#!/usr/bin/env python3
"""What `cmake --install` leaves behind works from outside: find_package, pkg-config, each header alone.

HEADWAY_BUILD_DIR names the build folder to install from; the program and the library must be built.
"""
import os
import pathlib
import shutil
import statistics
import subprocess
import tempfile
import unittest

EXAMPLE = pathlib.Path(__file__).resolve().parents[2] / "examples/inside-a-program"
CONSUMER = pathlib.Path(__file__).resolve().parent / "consumer"
EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"
MAX_MEDIAN_LINES = 55_000  # of a public header, preprocessed
COMPILERS = ("g++", "clang++")


def run(*command, cwd=None, env=None):
    """Stdout of a command that must succeed."""
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=env, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}\nended with {done.returncode}:\n{done.stdout}")
    return done.stdout


class PackagingTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder = pathlib.Path(holder.name)
        cls.prefix = cls.folder / "prefix"
        run("cmake", "--install", os.environ["HEADWAY_BUILD_DIR"], "--prefix", cls.prefix)
        cls.headers = sorted((cls.prefix / "include/headway").glob("*.hpp"))

    def pkg_config(self, *flags):
        path = ":".join(str(pc.parent) for pc in self.prefix.rglob("headway.pc"))
        return run("pkg-config", *flags, "headway", env=dict(os.environ, PKG_CONFIG_PATH=path)).split()

    def test_installed_program_tells_the_version_of_the_package(self):
        told = run(self.prefix / "bin/headway", "--version")
        self.assertIn(self.pkg_config("--modversion")[0], told)

    def test_manual_schema_and_license_are_installed(self):
        for name in ("headway.1", "headway.schema.json", "LICENSE"):
            self.assertEqual(len(list(self.prefix.rglob(name))), 1, name)

    def test_package_works_where_it_was_moved_to(self):
        moved = self.folder / "moved"
        shutil.copytree(self.prefix, moved)
        texts = [path.read_text() for end in ("*.pc", "*.cmake") for path in moved.rglob(end)]
        self.assertTrue(texts)
        for text in texts:
            self.assertNotIn(str(self.prefix), text)
            self.assertNotIn(os.environ["HEADWAY_BUILD_DIR"], text)

    def test_consumer_with_find_package_builds_and_runs(self):
        build = self.folder / "cmake-consumer"
        run("cmake", "-S", CONSUMER, "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}")
        run("cmake", "--build", build)
        self.assertIn("consumer ok", run(build / "consumer", cwd=build))

    def test_example_program_builds_and_runs(self):
        build = self.folder / "example"
        run("cmake", "-S", EXAMPLE, "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}")
        run("cmake", "--build", build)
        told = run(build / "inside-a-program", cwd=build)
        self.assertIn("5 of 5 stages, 2 workers", told)
        self.assertIn("the sum is 2", told)
        self.assertIn("reported", told)
        self.assertTrue((build / "runs.db").exists())
        self.assertIn("adding up", (build / "logs/workflow-structured.jsonl").read_text())

    def test_consumer_with_pkg_config_builds_and_runs(self):
        build = self.folder / "pc-consumer"
        build.mkdir()
        run("g++", "-std=c++20", CONSUMER / "main.cpp", "-o", build / "consumer", *self.pkg_config("--cflags", "--libs"))
        self.assertIn("consumer ok", run(build / "consumer", cwd=build))

    def test_example_of_the_task_graph_builds_and_runs(self):
        build = self.folder / "task-graph"
        run("cmake", "-S", EXAMPLES / "task-graph", "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}")
        run("cmake", "--build", build)
        self.assertEqual(run(build / "words").splitlines()[:2], ["11 words", "11 words"])

    def test_example_of_the_quality_gate_builds_and_judges(self):
        build = self.folder / "quality-gate"
        run("cmake", "-S", EXAMPLES / "quality-gate", "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}")
        run("cmake", "--build", build)
        report = self.folder / "junit.xml"
        report.write_text("<testsuite><testcase/></testsuite>")
        self.assertIn("pass tests.pass_rate is 100, asked for >= 80", run(build / "quality-gate", report))

    def test_example_of_hooks_builds_and_looks(self):
        build = self.folder / "hook-check"
        run("cmake", "-S", EXAMPLES / "hook-check", "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}")
        run("cmake", "--build", build)
        told = run(build / "hook-check")
        self.assertIn("pass tool sh", told)
        self.assertIn("warn file no-such-file: not there", told)

    def test_example_of_lanes_and_commits_builds_and_runs(self):
        build = self.folder / "change-check"
        run("cmake", "-S", EXAMPLES / "change-check", "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}")
        run("cmake", "--build", build)
        told = run(build / "change-check", "fix: it #1", cwd=build)
        self.assertIn("lane standard (no git repository)", told)
        self.assertIn("1 stage, target 900 s, kept", told)
        wrong = subprocess.run([build / "change-check", "Added it (#1)"], cwd=build, capture_output=True, text=True)
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("try: feat: added it (#1)", wrong.stdout)

    def test_each_public_header_compiles_alone_and_twice_in_both_compilers(self):
        self.assertTrue(self.headers)
        for header in self.headers:
            source = self.folder / f"alone_{header.stem}.cpp"
            source.write_text(f"#include <headway/{header.name}>\n#include <headway/{header.name}>\n")
            for compiler in COMPILERS:
                with self.subTest(header=header.name, compiler=compiler):
                    run(compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                        "-I", self.prefix / "include", source)

    def test_public_headers_stay_light(self):
        sizes = []
        for header in self.headers:
            text = run("g++", "-std=c++20", "-E", "-x", "c++", "-include", header, os.devnull,
                       "-I", self.prefix / "include")
            sizes.append(sum(1 for line in text.splitlines() if not line.startswith("#")))
        self.assertLessEqual(statistics.median(sizes), MAX_MEDIAN_LINES, dict(zip(self.headers, sizes)))


if __name__ == "__main__":
    unittest.main()
