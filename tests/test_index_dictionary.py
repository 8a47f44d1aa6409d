"""Names that a user wants kept whole."""

import pytest

from corpus import Article, Section
from index import DictionaryError, PassageIndex, build_index
from index.dictionary import read_names
from index.segmentation import Segmenter, words

TEXT = "长虹卧波桥昨天通车。"
NAME = "长虹卧波桥"


def write(tmp_path, content):
    file = tmp_path / "names.txt"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def test_a_name_is_a_word_only_for_the_segmenter_that_knows_it():
    assert NAME in Segmenter([NAME]).words(TEXT)
    assert NAME not in words(TEXT)
    assert Segmenter(["ＡＢ橋"]).words("ab桥") == ["ab桥"]


def test_a_name_is_kept_whole_among_words_that_would_cut_it():
    assert Segmenter(["国人"]).pieces("我是中国人") == ["我", "是", "中", "国人"]


def test_other_texts_are_cut_as_without_names():
    text = "义乌国际商贸城的商户把小商品卖到两百多个国家和地区。"
    assert Segmenter([NAME]).words(text) == words(text)


def test_an_index_keeps_its_names_for_questions(tmp_path):
    article = Article("x", "新桥", (Section(None, (TEXT,)),))
    manifest = build_index([article], tmp_path / "index", names=[NAME])
    assert manifest.names == NAME
    index = PassageIndex.open(tmp_path / "index")
    assert index.manifest == manifest
    (found,) = index.search(f"{NAME}多长？")
    assert index.shared_words(f"{NAME}多长？", found) == [NAME]


def test_names_are_read_once_each_in_their_order(tmp_path):
    file = write(tmp_path, "\ufeff长虹卧波桥\r\n\n 云栖镇 \n长虹卧波桥\n")
    assert read_names(file) == ["长虹卧波桥", "云栖镇"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("云栖镇\n云栖 镇\n", "names.txt:2: '云栖 镇' is no name"),
        ("桥\n", "names.txt:1: '桥' is no name"),
        ("努尔·苏丹\n", "names.txt:1"),
        ("\n \n", "holds no name"),
        ("云栖镇".encode("gb18030"), "not UTF-8 at byte 0"),
    ],
)
def test_a_bad_dictionary_says_what_and_where(tmp_path, content, problem):
    with pytest.raises(DictionaryError, match="names") as caught:
        read_names(write(tmp_path, content))
    assert problem in str(caught.value)


def test_a_dictionary_that_is_not_there_says_so(tmp_path):
    with pytest.raises(DictionaryError, match="No such file"):
        read_names(tmp_path / "none.txt")
