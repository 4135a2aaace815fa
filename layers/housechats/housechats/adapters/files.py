"""Files: the Files port over one S3 bucket."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from botocore.exceptions import ClientError

from housechats.adapters.aws import client
from housechats.ports.files import Download, UploadForm

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import (
        CompletedPartTypeDef,
        CopySourceTypeDef,
        GetObjectRequestTypeDef,
    )

LINK_LIVES = timedelta(minutes=15)
"""Long enough to press a link, too short to pass it on."""
FORM_LIVES = timedelta(hours=1)

PART = 5 * 1024 * 1024
"""Bytes of a part of a large file: not fewer, and 10,000 parts at most (S3 limits)."""

GONE = {"NoSuchKey", "PreconditionFailed"}


class S3Files:
    """Keeps files of one bucket."""

    def __init__(self, bucket: str, s3: "S3Client | None" = None) -> None:
        self._bucket = bucket
        self._given = s3

    @property
    def _s3(self) -> "S3Client":
        return self._given or client("s3")

    def get(self, key: str, *, etag: str = "") -> bytes | None:
        request: GetObjectRequestTypeDef = {"Bucket": self._bucket, "Key": key}
        if etag:
            request["IfMatch"] = f'"{etag}"'
        try:
            return self._s3.get_object(**request)["Body"].read()
        except ClientError as error:
            # Without s3:ListBucket a missing key would be AccessDenied: that is a bug of ours.
            if error.response["Error"]["Code"] in GONE:
                return None
            raise

    def get_range(self, key: str, first: int, last: int) -> bytes:
        answer = self._s3.get_object(Bucket=self._bucket, Key=key, Range=f"bytes={first}-{last}")
        return answer["Body"].read()

    def put(self, key: str, body: bytes, *, content_type: str) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)

    def put_once(self, key: str, body: bytes, *, content_type: str) -> bool:
        try:
            self._s3.put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType=content_type, IfNoneMatch="*"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "PreconditionFailed":
                return False
            raise  # also when two put it at the very same time: S3 asks to try again
        return True

    def versioned(self, key: str) -> tuple[bytes, str] | None:
        try:
            answer = self._s3.get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in GONE:
                return None
            raise
        return answer["Body"].read(), answer["ETag"]

    def exchange(self, key: str, body: bytes, *, version: str, content_type: str) -> bool:
        try:
            self._s3.put_object(
                Bucket=self._bucket, Key=key, Body=body, ContentType=content_type, IfMatch=version
            )
        except ClientError as error:
            # A conflict: two write at the very same time, and one of them did.
            if error.response["Error"]["Code"] in GONE | {"ConditionalRequestConflict"}:
                return False
            raise
        return True

    @contextmanager
    def upload(self, key: str, *, content_type: str) -> Iterator[Callable[[bytes], None]]:
        s3, bucket = self._s3, self._bucket
        pieces = bytearray()
        sent: list[CompletedPartTypeDef] = []
        upload_id = ""

        def send() -> None:
            nonlocal upload_id
            if not upload_id:
                begun = s3.create_multipart_upload(Bucket=bucket, Key=key, ContentType=content_type)
                upload_id = begun["UploadId"]
            number = len(sent) + 1
            part = s3.upload_part(
                Bucket=bucket, Key=key, UploadId=upload_id, PartNumber=number, Body=bytes(pieces)
            )
            sent.append({"ETag": part["ETag"], "PartNumber": number})
            pieces.clear()

        def take(piece: bytes) -> None:
            pieces.extend(piece)
            if len(pieces) >= PART:
                send()

        try:
            yield take
            if not upload_id:
                self.put(key, bytes(pieces), content_type=content_type)
                return
            if pieces:
                send()
            s3.complete_multipart_upload(
                Bucket=bucket, Key=key, UploadId=upload_id, MultipartUpload={"Parts": sent}
            )
        except BaseException:
            if upload_id:
                s3.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=upload_id)
            raise

    def copy(self, key: str, to: str) -> None:
        source: CopySourceTypeDef = {"Bucket": self._bucket, "Key": key}
        self._s3.copy_object(Bucket=self._bucket, Key=to, CopySource=source)

    def delete(self, key: str) -> None:
        self._s3.delete_object(Bucket=self._bucket, Key=key)

    def delete_all(self, folder: str) -> None:
        pages = self._s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=f"{folder}/"
        )
        for key in [thing["Key"] for page in pages for thing in page.get("Contents", [])]:
            self.delete(key)

    def download(self, key: str, *, file_name: str, now: datetime) -> Download:
        # RFC 6266: the name in UTF-8, so that Russian survives every browser.
        shown_as = f"attachment; filename*=UTF-8''{quote(file_name, safe='')}"
        url = self._s3.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "ResponseContentDisposition": shown_as,
            },
            ExpiresIn=int(LINK_LIVES.total_seconds()),
        )
        return Download(url, now + LINK_LIVES)

    def upload_form(self, key: str, *, max_bytes: int, now: datetime) -> UploadForm:
        form = self._s3.generate_presigned_post(
            self._bucket,
            key,
            Conditions=[["content-length-range", 1, max_bytes]],
            ExpiresIn=int(FORM_LIVES.total_seconds()),
        )
        return UploadForm(form["url"], form["fields"], now + FORM_LIVES)
