"""Writes a CSV file as Parquet, a group of rows at a time, in groups as large as pandas makes them.

python to_parquet.py table.csv table.parquet
"""

import sys

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

GROUP = 1_048_576


def main(source, target):
    options = pyarrow.csv.ConvertOptions(strings_can_be_null=True)
    with (
        pyarrow.csv.open_csv(source, convert_options=options) as reader,
        pyarrow.parquet.ParquetWriter(target, reader.schema) as writer,
    ):
        waiting = []
        for batch in reader:
            waiting.append(batch)
            if sum(map(len, waiting)) >= GROUP:
                table = pa.Table.from_batches(waiting)
                writer.write_table(table.slice(0, GROUP), row_group_size=GROUP)
                waiting = table.slice(GROUP).to_batches()
        if waiting:
            writer.write_table(pa.Table.from_batches(waiting), row_group_size=GROUP)


if __name__ == "__main__":
    main(*sys.argv[1:])
