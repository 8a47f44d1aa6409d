"""All shards of an archive, encoded by Ray on one machine or many; the only file that knows Ray."""

import contextlib
import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from corpus import Article, YoujuError
from index.building import Progress, check_ids
from index.encoders import BUNDLED
from index.errors import ShardError
from index.shards import ShardHeader, embed_shard, read_header


def embed_with_ray(
    articles: Sequence[Article],
    n_parts: int,
    folder: Path,
    encoder: str = BUNDLED,
    progress: Progress | None = None,
) -> list[tuple[Path, ShardHeader]]:
    """Encode all parts of the articles, each by a Ray task that calls `embed_shard`.

    Ray is what this process is connected to, else the cluster that RAY_ADDRESS or `ray start`
    names, else one that is started on this machine and stopped at the end. A task whose worker
    died is tried again, and goes on where it was cut short.

    Args:
        articles: Ids must differ.
        n_parts: How many shards there are to be.
        folder: Where the shards go; all machines must see it by this path.
        encoder: As in `embed_shard`; every machine must have it by this name.
        progress: Told how many parts are done.

    Returns:
        The files and their headers, the first part first.

    Raises:
        EncoderError: If the encoder cannot be loaded.
        ShardError: If Ray is not installed or does not answer, a task fails, or its shard cannot
            be seen from here.
        StoreError: If a shard cannot be written.
        ValueError: If there is no part, or two articles have one id.
    """
    if n_parts < 1:
        raise ValueError(f"{n_parts} parts; there must be at least 1")
    check_ids(articles)
    files: dict[int, Path] = {}
    with _connected() as ray:
        shared = ray.put(list(articles))
        task = ray.remote(embed_shard).options(scheduling_strategy="SPREAD")
        # The path as it is everywhere: workers have working folders of their own.
        place = folder.absolute()
        running = {
            task.remote(shared, part, n_parts, place, encoder): part
            for part in range(1, n_parts + 1)
        }
        try:
            while running:
                [done], _ = ray.wait(list(running), num_returns=1)
                part = running.pop(done)
                files[part], _ = _result(ray, done, part, n_parts)
                if progress:
                    progress(len(files), n_parts)
        finally:
            for left in running:
                ray.cancel(left)
    return [(files[part], _header(files[part])) for part in sorted(files)]


@contextlib.contextmanager
def _connected() -> Iterator[Any]:
    """Give Ray, connected; what was connected here is disconnected at the end."""
    # Ray reports to its makers otherwise, and reads this when it starts.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if address := os.environ.get("RAY_ADDRESS"):
        # It would try an address where nothing is for 20 times 40 seconds.
        os.environ.setdefault("RAY_NUM_REDIS_GET_RETRIES", "1")
    try:
        import ray
    except ModuleNotFoundError as error:
        raise ShardError(
            "embedding with Ray needs ray, which is not installed; run: pip install 'youju[ray]'"
        ) from error
    if ray.is_initialized():
        yield ray
        return
    try:
        ray.init(log_to_driver=False, logging_level=logging.ERROR)
    except ConnectionError as error:
        where = f"at {address}, which RAY_ADDRESS names" if address else "on this machine"
        raise ShardError(
            f'cannot connect to Ray {where}; start it there with "ray start --head", or leave '
            "RAY_ADDRESS out to run on this machine alone"
        ) from error
    try:
        yield ray
    finally:
        ray.shutdown()


def _result(ray: Any, done: Any, part: int, n_parts: int) -> tuple[Path, ShardHeader]:  # noqa: ANN401
    try:
        made: tuple[Path, ShardHeader] = ray.get(done)
        return made
    except ray.exceptions.RayError as error:
        cause = getattr(error, "cause", None)
        if isinstance(cause, YoujuError):
            raise cause from error
        said = str(cause or error).strip().splitlines() or [type(error).__name__]
        raise ShardError(
            f"Ray could not make part {part} of {n_parts} ({said[0]}); every machine needs this "
            "Youju; run the same again: parts that are there are not made again"
        ) from error


def _header(file: Path) -> ShardHeader:
    """The header of a shard as it is seen from here."""
    if not file.is_file():
        raise ShardError(
            f"the shard {file} was made on another machine and is not in that folder here; "
            "give --output a folder that all machines share"
        )
    return read_header(file)
